import { createHash } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { AbortError, ConnectionError, SourceError, UsageError } from '../errors/index.js'
import { scriptedServer, sendJson } from '../testing/http-server.js'
import { netServer, unusedPort } from '../testing/net-server.js'
import { scriptedCloud } from '../testing/scripted-cloud.js'
import { chunks, textOfBody, transportRequest } from '../testing/transport-request.js'
import { createFetchTransport } from './fetch-transport.js'
import { connect } from './index.js'

const transport = createFetchTransport()
afterEach(() => transport.close())

test('a streamed body arrives byte for byte', async () => {
  await using server = await scriptedServer((request, response) => {
    const hash = createHash('sha256')
    request.on('data', (chunk: Buffer) => hash.update(chunk))
    request.on('end', () => response.end(hash.digest('hex')))
  })
  const expected = createHash('sha256')
  for await (const chunk of chunks(20, 100_000)) expected.update(chunk)
  const { body } = await transport.send(
    transportRequest(server.url, { method: 'PUT', body: { stream: chunks(20, 100_000), size: 2_000_000 } }),
  )
  expect(await textOfBody(body)).toBe(expected.digest('hex'))
})

test('a body of another length than announced is a SourceError', async () => {
  await using server = await scriptedServer((request) => request.on('error', () => undefined).resume())
  const request = transportRequest(server.url, { method: 'PUT', body: { stream: chunks(1, 10), size: 11 } })
  await expect(transport.send(request)).rejects.toBeInstanceOf(SourceError)
})

test('a server that stops reading is an idle timeout', async () => {
  await using server = await netServer((socket) => socket.pause())
  const timeouts = { connectTimeoutMs: 60_000, headersTimeoutMs: 0, idleTimeoutMs: 100 }
  const request = transportRequest(server.url, { method: 'PUT', body: { stream: chunks(1000, 1024 * 1024) }, timeouts })
  await expect(transport.send(request)).rejects.toMatchObject({ name: 'TimeoutError', limit: 'idle' })
})

test('a redirect is an error: the token stays where it was sent', async () => {
  await using other = await scriptedServer((_, response) => response.end())
  await using server = await scriptedServer((_, response) => response.writeHead(302, { location: other.url }).end())
  await expect(
    transport.send(transportRequest(server.url, { headers: { 'x-auth-token': 't' } })),
  ).rejects.toMatchObject({ name: 'ConnectionError' })
  expect(other.requests).toEqual([])
})

test('refused, truncated and aborted are told apart', async () => {
  await expect(transport.send(transportRequest(`http://127.0.0.1:${await unusedPort()}`))).rejects.toMatchObject({
    reason: 'refused',
  })
  await using server = await scriptedServer((_, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('half', () => setTimeout(() => response.socket?.end(), 20))
  })
  const { body } = await transport.send(transportRequest(server.url))
  await expect(textOfBody(body)).rejects.toMatchObject({ reason: 'truncated' })
  await expect(transport.send(transportRequest(server.url, { signal: AbortSignal.abort() }))).rejects.toBeInstanceOf(
    AbortError,
  )
})

test('an answer that stalls is an idle timeout', async () => {
  await using server = await scriptedServer((_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half')
  })
  const timeouts = { connectTimeoutMs: 60_000, headersTimeoutMs: 60_000, idleTimeoutMs: 100 }
  const { body } = await transport.send(transportRequest(server.url, { timeouts }))
  await expect(textOfBody(body)).rejects.toMatchObject({ name: 'TimeoutError', limit: 'idle' })
})

test('the entry without Node connects with explicit credentials only', async () => {
  await using server = await scriptedCloud({ service: (_, response) => sendJson(response, 200, {}) })
  await using cloud = await connect({ auth: server.auth })
  expect(cloud.projectId).toBe('project-id')
  await expect(connect({ auth: { authUrl: server.auth.authUrl, username: 'demo' } })).rejects.toMatchObject({
    name: 'ConfigError',
    hint: 'set auth.password',
  })
})

test('without streams a Blob is sent as it is, while its stream is read', async () => {
  await using server = await scriptedServer((request, response) => {
    const hash = createHash('sha256')
    request.on('data', (chunk: Buffer) => hash.update(chunk))
    request.on('end', () => response.end(`${request.headers['content-length']} ${hash.digest('hex')}`))
  })
  const whole = createFetchTransport({ streams: false })
  const blob = new Blob([new Uint8Array(3_000_000).fill(7)])
  let read = 0
  async function* stream() {
    for await (const chunk of blob.stream()) {
      read += chunk.byteLength
      yield chunk
    }
  }
  const body = { stream: stream(), size: blob.size, blob: async () => blob }
  const response = await whole.send(transportRequest(server.url, { method: 'PUT', body }))
  const digest = createHash('sha256').update(new Uint8Array(3_000_000).fill(7)).digest('hex')
  expect(await textOfBody(response.body)).toBe(`3000000 ${digest}`)
  expect(read).toBe(3_000_000)
})

test('what goes wrong with the stream next to a Blob ends the sending', async () => {
  await using server = await scriptedServer((request) => request.on('error', () => undefined).resume())
  const whole = createFetchTransport({ streams: false })
  const blob = new Blob([new Uint8Array(10)])
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(5)
    throw new SourceError('it has changed')
  }
  for (const stream of [failing(), chunks(1, 9), chunks(1, 11)]) {
    const body = { stream, size: 10, blob: async () => blob }
    await expect(whole.send(transportRequest(server.url, { method: 'PUT', body }))).rejects.toBeInstanceOf(SourceError)
  }
})

test('without streams an upload has everything that is no Blob collected, up to the limit', async () => {
  const bodies: (string | undefined)[] = []
  await using server = await scriptedCloud({
    service: (request, response) => {
      if (request.method === 'PUT') bodies.push(request.headers['content-length'])
      request.resume().on('end', () => sendJson(response, 201, {}))
    },
  })
  const transport = createFetchTransport({ streams: false, maxBufferedBytes: 1000 })
  await using cloud = await connect({ auth: server.auth, transport })
  await cloud.objects.put('c', 'o', chunks(10, 100))
  await expect(cloud.objects.put('c', 'o', chunks(10, 101), { segmented: false })).rejects.toMatchObject({
    name: 'UsageError',
    hint: expect.stringContaining('maxBufferedBytes'),
  })
  expect(bodies).toEqual(['1000'])
})

test.each([0, -1, 1.5, Number.NaN])('maxBufferedBytes cannot be %s', (maxBufferedBytes) => {
  expect(() => createFetchTransport({ maxBufferedBytes })).toThrow(UsageError)
})

test.each(['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed'])(
  'a request that the browser answers with "%s" may have been blocked',
  async (message) => {
    const blocked = createFetchTransport({ fetch: () => Promise.reject(new TypeError(message)) })
    const error = await blocked
      .send(transportRequest('http://cloud.example/x?token=abc'))
      .catch((each: unknown) => each)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      reason: 'unknown',
      message: expect.stringContaining('cloud.example'),
      hint: expect.stringMatching(/CORS.*allowed_origin.*keystone\.conf.*glance-api\.conf.*tyrax serve --cors/),
    })
    expect((error as ConnectionError).url).not.toContain('abc')
  },
)

test('on an https page the hint for an http URL is mixed content', async () => {
  const blocked = createFetchTransport({ fetch: () => Promise.reject(new TypeError('Failed to fetch')) })
  Object.assign(globalThis, { location: new URL('https://page.example/') })
  try {
    await expect(blocked.send(transportRequest('http://cloud.example'))).rejects.toMatchObject({
      hint: expect.stringContaining('mixed content'),
    })
    await expect(blocked.send(transportRequest('https://cloud.example'))).rejects.toMatchObject({
      hint: expect.stringContaining('tyrax serve --cors https://page.example'),
    })
  } finally {
    Reflect.deleteProperty(globalThis, 'location')
  }
})

test('an origin that has responded before has failed for now', async () => {
  let calls = 0
  const flaky = createFetchTransport({
    fetch: async () => {
      calls += 1
      if (calls > 1) throw new TypeError('Failed to fetch')
      return new Response('')
    },
  })
  await flaky.send(transportRequest('http://cloud.example/a'))
  await expect(flaky.send(transportRequest('http://cloud.example/b'))).rejects.toMatchObject({ reason: 'reset' })
})
