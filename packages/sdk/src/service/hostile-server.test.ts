import type { ServerResponse } from 'node:http'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { connected } from '../testing/connected.js'
import { netServer } from '../testing/net-server.js'
import { scriptedCloud } from '../testing/scripted-cloud.js'
import { ImageManager } from '../image/image-manager.js'
import { ObjectStorage } from '../object-store/object-storage.js'
import { createNodePlatform } from '../node/platform/node-platform.js'
import { createReceiveBuffers } from '../node/receive-buffers.js'
import { createBudget } from '../transfer/transfer-limits.js'
import type { CloudOptions } from '../config/connect-options.js'
import type { Services } from '../cloud/services.js'

type Respond = (response: ServerResponse) => void

const MiB = 1024 * 1024

/** Sends a chunk repeatedly, as fast as it is read, until the connection is closed. */
function endless(response: ServerResponse, first: string, part: Buffer | string): void {
  response.write(first)
  const more = () => {
    while (!response.destroyed && response.write(part));
  }
  response.on('drain', more)
  more()
}

/** Sends a blank every 20 ms, forever. */
function trickle(response: ServerResponse): void {
  response.flushHeaders()
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => clearInterval(timer))
}

const json = { 'content-type': 'application/json', 'x-subject-token': 'token' }
const packed =
  (encoding: string, body: Buffer): Respond =>
  (response) =>
    void response.writeHead(200, { ...json, 'content-encoding': encoding }).end(body)
const blanks = Buffer.alloc(80 * MiB, ' ')

const bodies: readonly (readonly [name: string, respond: Respond])[] = [
  ['JSON without end', (response) => endless(response.writeHead(200, json), '{"images":["', Buffer.alloc(MiB, 'x'))],
  ['a number without end', (response) => endless(response.writeHead(200, json), '{"images":', Buffer.alloc(MiB, '7'))],
  ['lists in lists', (response) => endless(response.writeHead(200, json), '', Buffer.alloc(MiB, '['))],
  [
    'millions of empty objects',
    (response) => endless(response.writeHead(200, json), '[', Buffer.alloc(3 * MiB, '{},')),
  ],
  ['a gzip bomb', packed('gzip', gzipSync(blanks, { level: 1 }))],
  ['a deflate bomb', packed('deflate', deflateSync(blanks, { level: 1 }))],
  ['a brotli bomb', packed('br', brotliCompressSync(blanks, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }))],
]

/** Calls one server that acts as Keystone and as the services. */
async function ask(
  respond: Respond,
  what: (typeof calls)[number],
  options: Partial<CloudOptions> = {},
): Promise<unknown> {
  await using server = await scriptedCloud({
    service: (_, response) => respond(response),
    identity(_, response) {
      if (what !== 'sign in') return false
      respond(response)
      return true
    },
  })
  await using cloud = await connected({ auth: server.auth, retry: { retries: 0 }, ...options })
  return await run(cloud, what, options.signal).catch((error: unknown) => error)
}

const calls = ['sign in', 'list', 'list all', 'show', 'create', 'members', 'containers', 'objects', 'limits'] as const

/** All at once, so that the limit can be long enough for the calls that must not reach it. */
const eachAtOnce = (expected: (what: (typeof calls)[number]) => Promise<void>) => Promise.all(calls.map(expected))

async function run(cloud: Services, what: (typeof calls)[number], signal: AbortSignal | undefined): Promise<unknown> {
  const platform = createNodePlatform({ buffers: createReceiveBuffers() })
  const objects = new ObjectStorage({ client: cloud.objectStore, platform, retry: undefined })
  const images = new ImageManager({
    client: cloud.image,
    objects,
    projectId: () => 'p',
    findProject: undefined,
    home: async () => ({ keystone: undefined, region: undefined }),
    platform,
    transfers: createBudget(undefined),
    retry: undefined,
  })
  const id = '6e7f6b6c-0000-4000-8000-000000000000'
  const asked: Record<typeof what, () => PromiseLike<unknown>> = {
    'sign in': () => cloud.session.grant(signal),
    list: () => images.list({ signal }),
    'list all': () => images.listAll({ signal }),
    show: () => images.get(id, { signal }),
    create: () => images.create({ name: 'x', signal }),
    members: () => images.members.list(id, { signal }),
    containers: () => objects.listContainers({ signal }),
    objects: () => objects.list('c', { signal }).toArray(),
    limits: async () => (await cloud.objectStore.request({ method: 'GET', path: '/info', signal })).json(),
  }
  return await asked[what]()
}

test.each(bodies)('%s is an error', async (_, respond) => {
  for (const what of ['sign in', 'list', 'objects'] as const) {
    const error = await ask(respond, what)
    expect(error, what).toMatchObject({ name: 'MalformedResponseError', status: 200 })
    expect(String(error).length).toBeLessThan(1000)
  }
})

test.each(calls)('a response that is too large is an error: %s', async (what) => {
  expect(
    await ask((response) => endless(response.writeHead(200, json), '', Buffer.alloc(MiB, '[')), what),
  ).toMatchObject({
    name: 'MalformedResponseError',
    status: 200,
  })
})

test('JSON that trickles for ever ends by the limit for a whole response', async () => {
  const timeouts = { responseTimeoutMs: 1500 }
  await eachAtOnce(async (what) => {
    const error = await ask((response) => trickle(response.writeHead(200, json)), what, { timeouts })
    expect(error, what).toMatchObject({ name: 'TimeoutError', limit: 'response', timeoutMs: 1500 })
  })
})

test('an error whose page trickles for ever is that error', async () => {
  const timeouts = { responseTimeoutMs: 1500 }
  await eachAtOnce(async (what) => {
    const error = await ask((response) => trickle(response.writeHead(409, json)), what, { timeouts })
    expect(error, what).toMatchObject({ name: 'ConflictError', status: 409 })
  })
})

test('an abort ends what trickles, without any limit', async () => {
  const timeouts = { responseTimeoutMs: 0, idleTimeoutMs: 0, headersTimeoutMs: 0 }
  for (const what of calls) {
    const error = await ask((response) => trickle(response.writeHead(200, json)), what, {
      timeouts,
      signal: AbortSignal.timeout(100),
    })
    expect(error, what).toMatchObject({ name: 'TimeoutError', limit: 'deadline' })
  }
})

test.each(['<!--', '<script>', '<body ', '<a ', '&a', ' ', '<', '\n'])(
  'a page of nothing but %j is said to be a page, and its words are few',
  async (part) => {
    const page = `<html>${part.repeat(MiB / part.length)}`
    for (const status of [200, 500]) {
      for (const what of ['sign in', 'show'] as const) {
        const error = await ask(
          (response) => void response.writeHead(status, { 'content-type': 'text/html' }).end(page),
          what,
        )
        expect(error, what).toMatchObject({ status })
        expect(String(error).length).toBeLessThan(1000)
      }
    }
  },
)

test('empty pages that go on and on end in an error, and circles too', async () => {
  let page = 0
  const next = (response: ServerResponse, images: unknown[], marker: string | number) =>
    void response.writeHead(200, json).end(JSON.stringify({ images, next: `/v2/images?marker=${marker}` }))
  for (const what of ['list all'] as const) {
    expect(await ask((response) => next(response, [], (page += 1)), what)).toMatchObject({
      name: 'ListInterruptedError',
      message: expect.stringContaining('100 empty pages'),
    })
    expect(await ask((response) => next(response, [], 'same'), what)).toMatchObject({ name: 'ListInterruptedError' })
  }
  expect(page).toBe(100)
})

test.each([
  ['endless interim responses', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'],
  ['a status line without end', 'HTTP/1.1 200 '],
  ['headers that trickle', 'x-a: b\r\n'],
])('%s end by the limit for headers', async (_, part) => {
  await using server = await netServer((socket) => {
    socket.once('data', () => {
      if (!part.startsWith('HTTP')) socket.write('HTTP/1.1 200 OK\r\n')
      const timer = setInterval(() => socket.write(part), 20)
      socket.on('close', () => clearInterval(timer))
    })
  })
  const auth = { authUrl: server.url, username: 'demo', password: 'secret', projectName: 'demo' }
  await using cloud = await connected({
    auth,
    retry: { retries: 0 },
    timeouts: { connectTimeoutMs: 2000, headersTimeoutMs: 200 },
  })
  const error = await cloud.session.grant().catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'TimeoutError', limit: 'headers' })
})

test.each([
  ['a header that is too long', `www-authenticate: ${'Basic realm="x", '.repeat(10_000)}\r\n\r\n`],
  ['too many headers', `${Array.from({ length: 20_000 }, (_, index) => `x-${index}: 1\r\n`).join('')}\r\n`],
])('%s is an error that says so', async (_, headers) => {
  await using server = await netServer((socket) => {
    socket.once('data', () => socket.write(`HTTP/1.1 401 Unauthorized\r\n${headers}`))
  })
  const auth = { authUrl: server.url, username: 'demo', password: 'secret', projectName: 'demo' }
  await using cloud = await connected({ auth, retry: { retries: 0 } })
  await expect(cloud.session.grant()).rejects.toMatchObject({
    name: 'ConnectionError',
    message: expect.stringContaining('headers'),
  })
})

test('a version document without end is no version document', async () => {
  await using server = await scriptedCloud({
    identity(request, response) {
      if (request.url === '/identity/')
        endless(response.writeHead(300, json), '{"versions":[', Buffer.alloc(MiB, '{},'))
      else response.writeHead(404).end('not here')
      return true
    },
  })
  await using cloud = await connected({ auth: server.auth })
  await expect(cloud.session.grant()).rejects.toMatchObject({ name: 'NotFoundError' })
})

test('a catalogue of endpoints made of slashes is read like any other', async () => {
  await using server = await scriptedCloud({
    token: () => ({
      catalog: [
        { type: 'image', endpoints: [{ interface: 'public', url: `http://127.0.0.1:9${'/'.repeat(900_000)}x` }] },
      ],
    }),
  })
  await using cloud = await connected({ auth: server.auth })
  expect(await cloud.image.endpoint()).toHaveLength(900_000 + 'http://127.0.0.1:9'.length + 'x/v2'.length)
})
