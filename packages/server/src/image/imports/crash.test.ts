import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCloud } from '../../testing/run-cloud.js'
import { call, login } from '../../testing/sign-in.js'

const bytes = randomBytes(6_000_000).toString('hex')
const checksum = createHash('md5').update(bytes).digest('hex')
const rounds = 20

let data: string
let web: string
const server = createServer((_request, response) => {
  response.setHeader('content-length', bytes.length)
  response.on('error', () => undefined)
  const sendFrom = (at: number) => {
    if (at >= bytes.length) response.end()
    else response.write(bytes.slice(at, at + 500_000), () => setImmediate(sendFrom, at + 500_000))
  }
  sendFrom(0)
})
beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'tyrax-killed-'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  web = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(data, { recursive: true, force: true })
})

const config = {
  users: [{ name: 'admin', password: 'secret', project: 'admin', roles: ['admin'] }],
  image: {
    stores: [{ id: 'cheap' }, { id: 'fast', default: true }],
    importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] },
  },
}

interface Running {
  readonly kill: () => Promise<void>
  /** A call below `/v2/images`. It resolves to nothing if the server dies meanwhile. */
  readonly image: (method: string, at: string, options?: Parameters<typeof call>[2]) => Promise<Record<string, unknown>>
  readonly text: (at: string) => Promise<string>
}

let token: string | undefined

async function start(): Promise<Running> {
  const cloud = await runCloud(data, config)
  token ??= (await login(cloud.authUrl, 'admin')).token
  const send = (method: string, at: string, options = {}) =>
    call(method, `${cloud.imageUrl}/v2/images${at}`, { token, ...options })
  return {
    kill: () => cloud.kill(),
    image: async (method, at, options) =>
      ((await send(method, at, options).catch(() => undefined))?.body ?? {}) as Record<string, unknown>,
    text: async (at) => (await send('GET', at)).text,
  }
}

/** Staging, an import of what is staged, a download into two stores and a copy, all at once. */
async function beginAll({ image }: Running): Promise<readonly Promise<unknown>[]> {
  const create = async () => {
    const json = { disk_format: 'raw', container_format: 'bare' }
    return `/${String((await image('POST', '', { json }))['id'])}`
  }
  const [staged, direct, download, copied] = [await create(), await create(), await create(), await create()]
  const stores = ['fast', 'cheap']
  const begin = (at: string, method: Record<string, unknown>, more = {}) =>
    image('POST', `${at}/import`, { json: { method, ...more } })
  return [
    image('PUT', `${staged}/stage`, { data: bytes }),
    image('PUT', `${direct}/stage`, { data: bytes }).then(() => begin(direct, { name: 'glance-direct' }, { stores })),
    begin(download, { name: 'web-download', uri: web }, { stores, all_stores_must_succeed: false }),
    image('PUT', `${copied}/file`, { data: bytes }).then(() =>
      begin(copied, { name: 'copy-image' }, { stores: ['cheap'] }),
    ),
  ]
}

/** Checks every image and every file, removes the images, and returns their statuses. */
async function checkAll(running: Running): Promise<string[]> {
  const { image } = running
  const { images } = (await image('GET', '?limit=1000')) as { images: Record<string, unknown>[] }
  const states = await Promise.all(images.map((each) => stateOf(running, each)))
  expect(states.map(({ is }) => is)).toEqual(images.map(() => expect.stringMatching(/^(queued|uploading|active)$/)))
  const names = async (folder: string) => readdir(path.join(data, folder), { recursive: true }).catch(() => [])
  const files = (await names('blobs')).filter((name) => name.length > 'ab'.length)
  expect(files.length).toBe(states.reduce((sum, { copies }) => sum + copies, 0))
  expect(await names('tmp')).toEqual([])
  for (const { at, is } of states) {
    if (is === 'uploading') await importStaged(running, at)
    await image('DELETE', at)
  }
  return states.map(({ is }) => is)
}

/** The state of an image and the number of its files, or what is wrong with it. */
async function stateOf({ image, text }: Running, each: Record<string, unknown>) {
  const { id, status, size, stores } = each
  const at = `/${String(id)}`
  const { tasks } = (await image('GET', `${at}/tasks`)) as { tasks: { status: string }[] }
  const wrong = (what: string) => ({ at, is: `${what}: ${JSON.stringify(each)}`, copies: 0 })
  if (each['os_glance_import_task'] !== undefined) return wrong('still held')
  if ((each['os_glance_importing_to_stores'] ?? '') !== '') return wrong('still importing')
  if (tasks.some((task) => task.status !== 'success' && task.status !== 'failure')) return wrong('has a running task')
  if (status === 'queued') return size === null ? { at, is: 'queued', copies: 0 } : wrong('queued with data')
  if (size !== bytes.length) return wrong('of another size')
  if (status === 'uploading') return { at, is: 'uploading', copies: 1 }
  if (each['checksum'] !== checksum) return wrong('of another checksum')
  const names = String(stores).split(',')
  for (const store of names) {
    if ((await text(`${at}/file?prefer=${store}`)) !== bytes) return wrong(`damaged in ${store}`)
  }
  return { at, is: String(status), copies: names.length }
}

/** What was staged before the kill can still be imported. */
async function importStaged({ image }: Pick<Running, 'image'>, at: string): Promise<void> {
  await image('POST', `${at}/import`, { json: { method: { name: 'glance-direct' } } })
  const status = async () => (await image('GET', at))['status']
  await expect.poll(status, { timeout: 30_000 }).toBe('active')
  expect(await image('GET', at)).toMatchObject({ checksum })
}

test(
  `a server killed ${rounds} times in the middle of imports is consistent each time`,
  { timeout: 300_000 },
  async () => {
    const seen = new Set<string>()
    for (let round = 0; round < rounds; round += 1) {
      const running = await start()
      for (const status of round === 0 ? [] : await checkAll(running)) seen.add(status)
      const work = await beginAll(running)
      // Early in the first rounds, late in the last ones.
      await sleep((round / rounds) * 500 + Math.random() * 150)
      await running.kill()
      await Promise.all(work)
    }
    const last = await start()
    await checkAll(last)
    await last.kill()
    expect(seen).toContain('queued')
  },
)
