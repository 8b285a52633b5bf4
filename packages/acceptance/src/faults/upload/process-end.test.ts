import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, open } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { ConnectOptions } from '@tyrax/sdk'
import { startCloud, type Fault } from '@tyrax/server'
import { compressedFixturePath } from '@tyrax/testkit'
import { faultyCloud, type FaultyCloud } from '../faulty-cloud.js'
import { file, leftOvers } from './scene.js'

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url))

const code = `
import { connect, fromFile, fromStream, fromUrl } from '@tyrax/sdk'
const { connection, kind, from } = JSON.parse(process.argv[1])
const cloud = await connect(connection)
const data = kind === 'url' ? fromUrl(from) : kind === 'pipe' ? fromStream(process.stdin) : fromFile(from)
const told = await cloud.images
  .create({ name: 'u', diskFormat: 'raw', data, settleTimeoutMs: 20 })
  .then(() => 'no error', (error) => error.name)
await cloud.close()
// Sockets and files are closed in the course of the loop, not at once, and by threads that may have to wait for a
// processor. Standard output and idle threads keep nothing alive.
const isKept = (name) => !/^(PipeWrap|MessagePort|CloseReq|Immediate|TickObject)$/.test(name)
let left = []
const most = performance.now() + 3000
while (performance.now() < most) {
  await new Promise((resolve) => setImmediate(resolve))
  left = process.getActiveResourcesInfo().filter(isKept)
  if (left.length === 0) break
}
process.stdout.write(JSON.stringify({ told, left }), () => process.exit())
`

/**
 * Runs a failing upload in a process of its own: returns its output, and what would have kept the process alive
 * afterwards.
 */
async function uploadElsewhere(connection: ConnectOptions, kind: string, from: string): Promise<unknown> {
  const given = { connection: { ...connection, retry: { delayMs: 1, retries: 1 } }, kind, from }
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, JSON.stringify(given)], {
    cwd: packageFolder,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  if (kind === 'pipe') feed(child.stdin)
  await once(child, 'close')
  return JSON.parse(output) as unknown
}

const auth = { username: 'demo', password: 'secret', projectName: 'demo' }
const through = (under: FaultyCloud): ConnectOptions => ({
  auth: { ...auth, authUrl: under.identity.url },
  imageEndpointOverride: `${under.image.url}/v2`,
})

/** Writes more than the server accepts, and then nothing, without ending the stream. */
function feed(stdin: NodeJS.WritableStream): void {
  stdin.on('error', () => undefined)
  stdin.write(Buffer.alloc(3_000_000))
}

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** An address whose server falls silent before the end of its response. */
async function silentAddress(): Promise<string> {
  const server = createServer((_incoming, outgoing) => {
    outgoing.writeHead(200, { 'content-length': 50_000_000, etag: '"1"' }).write(Buffer.alloc(3_000_000))
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/u.raw`
}

async function sourceOf(kind: string, folder: string): Promise<string> {
  if (kind === 'url') return silentAddress()
  const to = path.join(folder, 'source')
  if (kind === 'a file') {
    await using handle = await open(to, 'w')
    await handle.truncate(200_000_000)
  } else if (kind !== 'pipe') await copyFile(compressedFixturePath(`letters.${kind}`), to)
  return to
}

const refused: Fault = { type: 'status', status: 413, afterRequestBytes: 100_000, unread: 'close' }
const kinds = ['a file', 'gz', 'xz', 'bz2', 'zst', 'pipe', 'url']

test.each(kinds)('U9: after a refusal in mid-upload of %s nothing keeps the process from ending', async (kind) => {
  await using under = await faultyCloud({ image: [{ match: file, fault: refused }] })
  const ended = await uploadElsewhere(through(under), kind, await sourceOf(kind, under.folder))
  expect(ended).toEqual({ told: 'OverLimitError', left: [] })
  expect(await leftOvers(under)).toEqual([])
})

test('U9: after a refusal of more than the cap of the cloud nothing keeps the process from ending', async () => {
  await using under = await faultyCloud({})
  await using embedded = await startCloud({ port: 0, config: { image: { quotas: { imageSizeCapBytes: 20_000_000 } } } })
  const connection = { auth: { ...auth, authUrl: embedded.authUrl } }
  const ended = await uploadElsewhere(connection, 'a file', await sourceOf('a file', under.folder))
  expect(ended).toEqual({ told: 'OverLimitError', left: [] })
})

test.each<[string, string, Fault]>([
  ['a reset', 'a file', { type: 'reset', afterRequestBytes: 100_000 }],
  ['a reset', 'pipe', { type: 'reset', afterRequestBytes: 100_000 }],
  ['a refusal that drains the rest', 'a file', { ...refused, unread: 'drain' }],
])('U9: after %s in mid-upload of %s nothing keeps the process from ending', async (_what, kind, fault) => {
  await using under = await faultyCloud({ image: [{ match: file, fault }] })
  const ended = await uploadElsewhere(through(under), kind, await sourceOf(kind, under.folder))
  expect(ended).toMatchObject({ left: [] })
  expect(await leftOvers(under)).toEqual([])
})
