import { startCloud, type EmbeddedCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../cloud/cloud.js'
import { connect } from '../../node/index.js'

let server: EmbeddedCloud
let cloud: Cloud
let requests: string[] = []

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
    logger: {
      debug(message) {
        if (message.includes(' returned ')) requests.push(message)
      },
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    },
  })
})
afterAll(async () => {
  await cloud?.close()
  await server?.close()
})

const make = async (name: string) => (await cloud.images.create({ name, diskFormat: 'raw' })).id

test('all images are listed newest first, from both ends, each once while others come and go', async () => {
  const kept: string[] = []
  const fleeting: string[] = []
  for (let at = 0; at < 100; at += 1) {
    kept.push(await make(`kept ${at}`))
    if (at % 2 === 0) fleeting.push(await make(`fleeting ${at}`))
  }
  const listed = new AbortController()
  const churn = async () => {
    while (!listed.signal.aborted) {
      const gone = fleeting.pop()
      if (gone === undefined) return
      await cloud.images.delete(gone)
      await make('late')
    }
  }
  const reading = Promise.all(
    [50, 57, 70, 120].map((limit) =>
      cloud.images
        .list({ limit })
        .toArray()
        .catch((error: unknown) => error),
    ),
  ).finally(() => listed.abort())
  const [found] = await Promise.all([reading, churn()])
  const lists = found.filter((each) => Array.isArray(each)).map((images) => images.map(({ id }) => id))
  const failures = found.filter((each) => !Array.isArray(each)).map((error) => (error as Error).name)
  expect(new Set(failures).size).toBeLessThanOrEqual(failures.includes('ListInterruptedError') ? 1 : 0)
  expect(lists.map((ids) => ids.length - new Set(ids).size)).toEqual(lists.map(() => 0))
  expect(lists.map((ids) => ids.filter((id) => kept.includes(id)))).toEqual(lists.map(() => kept.toReversed()))
})

test('a list that needs one page takes one request, and one in another order begins at one end', async () => {
  const count = async (work: () => Promise<unknown>) => {
    requests = []
    await work()
    return requests.filter((each) => each.includes('/v2/images'))
  }
  expect(await count(() => cloud.images.list({ limit: 1000 }).toArray())).toHaveLength(1)
  expect(await count(() => cloud.images.list({ limit: 10, sortKey: 'name' }).toArray())).not.toContainEqual(
    expect.stringContaining('created_at'),
  )
  const all = await count(() => cloud.images.list({ limit: 50 }).toArray())
  expect(all).toContainEqual(expect.stringContaining('sort_key=created_at&sort_dir=asc'))
})
