import { createHash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { chooseProxy } from '../node/proxy.js'
import { fromUrl } from '../node/sources/url-source.js'
import { scriptedServer } from '../testing/http-server.js'
import type { Source } from './source.js'

const size = 3_000_000
const middle = 1_234_567
const data = Buffer.alloc(size)
for (let at = 0; at < size; at += 4) data.writeUInt32LE(Math.imul(at, 2_654_435_761) >>> 0, at)
const etag = '"one"'
const retry = { delayMs: 1, retries: 3 }

const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
async function read(source: Source): Promise<string> {
  const hash = createHash('sha256')
  await source.prepare()
  await source.peek(100)
  for await (const chunk of source.open()) hash.update(chunk)
  return hash.digest('hex')
}

interface Manner {
  readonly ranges?: boolean
  readonly headers?: Readonly<Record<string, string>>
  /** What happens to a connection after its first bytes. @default the first is cut off, the others are not */
  readonly breaks?: (nth: number, response: ServerResponse) => void
  /** Responds instead of sending the data; returns whether it did. */
  readonly respond?: (nth: number, request: IncomingMessage, response: ServerResponse) => boolean
}

/** Serves the data, and records the requested ranges. */
function host({ ranges = true, headers = { etag }, breaks, respond }: Manner, asked: string[]): RequestListener {
  let count = 0
  return (request, response) => {
    const nth = (count += 1)
    asked.push(request.headers.range ?? 'whole')
    if (respond?.(nth, request, response)) return
    const from = ranges ? Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0
    const part = from > 0 ? { 'content-range': `bytes ${from}-${size - 1}/${size}` } : {}
    response.writeHead(from > 0 ? 206 : 200, { ...headers, ...part, 'content-length': size - from })
    if (nth > 1 && !breaks) response.end(data.subarray(from))
    else response.write(data.subarray(from, Math.max(middle, from + 100_000)), () => (breaks ?? cut)(nth, response))
  }
}

const cut = (_nth: number, response: ServerResponse) => response.destroy()

test.each<[string, Manner]>([
  ['breaks off', {}],
  ['falls silent', { respond: stallFirst }],
  ['breaks off again and again', { breaks: cut }],
  ['has only a date', { headers: { 'last-modified': new Date(0).toUTCString() } }],
  ['has only a weak tag', { headers: { etag: 'W/"one"' } }],
])('an address that %s is gone on with behind the last byte', async (_what, manner) => {
  const asked: string[] = []
  await using server = await scriptedServer(host(manner, asked))
  const source = fromUrl(`${server.url}/u.img`, { retry, idleTimeoutMs: 2000 })
  expect(await read(source)).toBe(sha(data))
  expect(asked.slice(0, 2)).toEqual(['whole', `bytes=${middle}-`])
})

function stallFirst(nth: number, _request: IncomingMessage, response: ServerResponse): boolean {
  if (nth > 1) return false
  response.writeHead(200, { etag, 'content-length': size })
  response.write(data.subarray(0, middle))
  return true
}

test('a server that gives no parts is read again past what is there, and not for ever', async () => {
  const asked: string[] = []
  await using once = await scriptedServer(host({ ranges: false }, asked))
  expect(await read(fromUrl(`${once.url}/u.img`, { retry }))).toBe(sha(data))
  expect(asked).toEqual(['whole', `bytes=${middle}-`])
  const always: string[] = []
  const grows = (nth: number, response: ServerResponse) =>
    response.write(data.subarray(middle, middle + nth * 200_000), () => response.destroy())
  await using broken = await scriptedServer(host({ ranges: false, breaks: grows }, always))
  await expect(read(fromUrl(`${broken.url}/u.img`, { retry }))).rejects.toMatchObject({ name: 'SourceError' })
  expect(always.length).toBeLessThanOrEqual(5)
})

test.each<[string, Manner]>([
  ['another tag', { respond: answered({ etag: '"two"' }) }],
  ['another size', { respond: answered({ etag, 'content-range': `bytes ${middle}-${size}/${size + 1}` }) }],
  ['another part', { respond: answered({ etag, 'content-range': `bytes 0-${size - 1}/${size}` }) }],
  ['no part named', { respond: answered({ etag, 'content-range': '' }) }],
])('what follows with %s is never joined to what came before', async (_what, manner) => {
  await using server = await scriptedServer(host(manner, []))
  await expect(read(fromUrl(`${server.url}/u.img`, { retry }))).rejects.toThrow(/changed between two readings/)
})

function answered(headers: Readonly<Record<string, string>>): NonNullable<Manner['respond']> {
  return (nth, _request, response) => {
    if (nth === 1) return false
    const range = { 'content-range': `bytes ${middle}-${size - 1}/${size}` }
    response.writeHead(206, { ...range, ...headers }).end(data.subarray(middle))
    return true
  }
}

test('content that cannot be told from other content is not gone on with', async () => {
  const asked: string[] = []
  await using server = await scriptedServer(host({ headers: {} }, asked))
  await expect(read(fromUrl(`${server.url}/u.img`, { retry }))).rejects.toThrow(/broke off/)
  expect(asked).toEqual(['whole'])
})

test('a server that is busy is asked again, one that has nothing is not', async () => {
  const busy = (nth: number, _request: IncomingMessage, response: ServerResponse) => {
    if (nth === 1) response.writeHead(503, { 'retry-after': '0' }).end()
    return nth === 1
  }
  const asked: string[] = []
  await using server = await scriptedServer(
    host({ respond: busy, breaks: (_nth, response) => response.end(data.subarray(middle)) }, asked),
  )
  expect(await read(fromUrl(`${server.url}/u.img`, { retry }))).toBe(sha(data))
  expect(asked).toEqual(['whole', 'whole'])
  await using empty = await scriptedServer((_request, response) => response.writeHead(404).end())
  await expect(fromUrl(`${empty.url}/u.img`, { retry }).prepare()).rejects.toThrow(/returned 404/)
  expect(empty.requests).toHaveLength(1)
})

test('a redirect takes no secret to another origin, and what broke off goes on where it came from', async () => {
  const seen: (string | undefined)[] = []
  const asked: string[] = []
  const listen = host({}, asked)
  await using mirror = await scriptedServer((request, response) => {
    seen.push(request.headers.authorization, request.headers['x-key'] as string | undefined)
    listen(request, response)
  })
  await using server = await scriptedServer((_request, response) =>
    response.writeHead(302, { location: `${mirror.url}/there.img` }).end(),
  )
  const address = server.url.replace('http://', 'http://user:secret@')
  const source = fromUrl(`${address}/u.img`, { retry, headers: { 'X-Key': 'secret' } })
  expect(await read(source)).toBe(sha(data))
  expect(seen).toEqual([undefined, undefined, undefined, undefined])
  expect(server.requests).toEqual(['GET /u.img'])
  expect(asked).toEqual(['whole', `bytes=${middle}-`])
})

test('a redirect that goes in circles, or to what is no web address, is an error', async () => {
  await using circle = await scriptedServer((_request, response) =>
    response.writeHead(302, { location: '/again' }).end(),
  )
  await expect(fromUrl(circle.url).prepare()).rejects.toThrow(/redirects more than 20 times/)
  await using file = await scriptedServer((_request, response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  )
  await expect(fromUrl(file.url).prepare()).rejects.toThrow(/no web address/)
})

test('an address is fetched by the proxy of the environment', async () => {
  const asked: string[] = []
  await using proxy = await scriptedServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(200, { 'content-length': 2 }).end('by')
  })
  const before = process.env['http_proxy']
  process.env['http_proxy'] = proxy.url
  try {
    expect(chooseProxy(new URL('http://images.example/'), process.env).proxy).toBeDefined()
    expect(await read(fromUrl('http://images.example/u.img'))).toBe(sha(Buffer.from('by')))
  } finally {
    if (before === undefined) delete process.env['http_proxy']
    else process.env['http_proxy'] = before
  }
  expect(asked).toEqual(['http://images.example/u.img'])
})

test('a reading that is given up closes its connection', async () => {
  let closed = 0
  await using server = await scriptedServer((_request, response) => {
    response.on('close', () => (closed += 1))
    response.writeHead(200, { 'content-length': size })
    response.write(data.subarray(0, 100_000))
  })
  const source = fromUrl(`${server.url}/u.img`)
  await source.prepare()
  await source.close?.()
  await expect.poll(() => closed).toBe(1)
  for await (const chunk of fromUrl(`${server.url}/u.img`).open()) {
    expect(chunk.byteLength).toBeGreaterThan(0)
    break
  }
  await expect.poll(() => closed).toBe(2)
})
