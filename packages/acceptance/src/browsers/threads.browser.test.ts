import { readFile, stat } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as Sdk from '@tyrax/sdk'
import { type EmbeddedCloud, startCloud } from '@tyrax/server'
import { compressedFixturePath, fixturePath } from '@tyrax/testkit'
import type { Page } from 'puppeteer-core'
import { browsers, openPage, type PageServer, servePage } from './page.js'

/** The global of the page. */
declare const tyrax: typeof Sdk

const compressions = { xz: 'xz', zst: 'zstd', bz2: 'bzip2' } as const
type Ending = keyof typeof compressions
const endings = Object.keys(compressions) as Ending[]

let open: PageServer
/** Its policy forbids workers. */
let closed: PageServer
let cloud: EmbeddedCloud
beforeAll(async () => {
  open = await servePage()
  closed = await servePage("worker-src 'none'")
  cloud = await startCloud({ port: 0, cors: [open.origin, closed.origin] })
})
afterAll(async () => {
  await cloud.close()
  await open.close()
  await closed.close()
})

/**
 * Creates an image in a page of its own, and reports which threads there are and which files the page itself has
 * loaded.
 */
async function upload(name: keyof typeof browsers, pages: PageServer, ending: Ending) {
  const opened = await openPage(name, pages.origin)
  try {
    const { page } = opened
    const started: string[] = []
    let ended = 0
    page.on('workercreated', (worker) => started.push(worker.url()))
    page.on('workerdestroyed', () => (ended += 1))
    const before = pages.requests.length
    const image = await makeImage(page, await readFile(compressedFixturePath(`disk.${ending}`)))
    await expect.poll(() => page.workers().length).toBe(0)
    const isDecoder = (file: string) => file.startsWith(`${compressions[ending]}-`)
    return {
      image,
      started,
      ended,
      loaded: pages.requests.slice(before).some((file) => isDecoder(file.name)),
      loadedByPage: (await ownFiles(page)).some(isDecoder),
    }
  } finally {
    await opened.close()
  }
}

const makeImage = (page: Page, packed: Buffer) =>
  page.evaluate(
    async (authUrl, bytes) => {
      const cloud = await tyrax.connect({
        auth: { authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
      })
      const data = new Blob([Uint8Array.from(bytes)])
      const image = await cloud.images.create({ name: 'packed', diskFormat: 'raw', data })
      await cloud.images.delete(image)
      await cloud.close()
      return { verdict: image.verdict, size: image.size }
    },
    cloud.authUrl,
    [...packed],
  )

/** The files that the page's own thread has loaded: a worker keeps its own list. */
const ownFiles = (page: Page): Promise<string[]> =>
  page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname.slice(1)))

describe.each(Object.keys(browsers) as (keyof typeof browsers)[])('%s', (name) => {
  test.each(endings)('.%s is decoded in a worker, which ends with the content, and not in the page', async (ending) => {
    const { size } = await stat(fixturePath('raw-gpt'))
    expect(await upload(name, open, ending)).toEqual({
      image: { verdict: 'verified', size },
      started: [`${open.origin}/decode-thread.js`],
      ended: 1,
      loaded: true,
      loadedByPage: false,
    })
  })

  test('where the page may have no worker, it decodes itself', async () => {
    const { size } = await stat(fixturePath('raw-gpt'))
    expect(await upload(name, closed, 'xz')).toMatchObject({
      image: { verdict: 'verified', size },
      loaded: true,
      loadedByPage: true,
    })
  })
})
