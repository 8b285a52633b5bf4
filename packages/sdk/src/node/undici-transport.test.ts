import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { AbortError, SourceError, TimeoutError } from '../errors/index.js'
import { scriptedServer } from '../testing/http-server.js'
import { impatientServer } from '../testing/impatient-server.js'
import { netServer } from '../testing/net-server.js'
import { chunks, textOfBody, transportRequest } from '../testing/transport-request.js'
import { createUndiciTransport } from './undici-transport.js'

const mebibyte = 1024 * 1024
const transport = createUndiciTransport({ proxy: false })
afterEach(() => transport.close())

test('a body of known size is sent with Content-Length and arrives byte for byte', async () => {
  await using server = await scriptedServer((request, response) => {
    const hash = createHash('sha256')
    request.on('data', (chunk: Buffer) => hash.update(chunk))
    request.on('end', () =>
      response.end(
        `${request.headers['content-length']} ${request.headers['transfer-encoding']} ${hash.digest('hex')}`,
      ),
    )
  })
  const size = 5 * 300_000
  const expected = createHash('sha256')
  for await (const chunk of chunks(5, 300_000)) expected.update(chunk)
  const { body } = await transport.send(
    transportRequest(server.url, { method: 'PUT', body: { stream: chunks(5, 300_000), size } }),
  )
  expect(await textOfBody(body)).toBe(`${size} undefined ${expected.digest('hex')}`)
})

test('a body of unknown size is sent in chunks', async () => {
  await using server = await scriptedServer((request, response) => {
    request.resume().on('end', () => response.end(String(request.headers['transfer-encoding'])))
  })
  const { body } = await transport.send(
    transportRequest(server.url, { method: 'PUT', body: { stream: chunks(3, 10) } }),
  )
  expect(await textOfBody(body)).toBe('chunked')
})

test.each([
  [9, 'at least 10'],
  [11, '10'],
])('a body that is not the announced %i bytes long fails and reaches the server only broken', async (size, actual) => {
  let whole = false
  await using server = await scriptedServer((request, response) => {
    request.on('error', () => undefined)
    request.resume().on('end', () => {
      whole = request.complete
      response.end()
    })
  })
  const failure = await transport
    .send(transportRequest(server.url, { method: 'PUT', body: { stream: chunks(1, 10), size } }))
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(SourceError)
  expect((failure as Error).message).toBe(`the body has ${actual} bytes but ${size} were announced`)
  expect(whole).toBe(false)
})

test('an error of the source ends the request with that error', async () => {
  await using server = await scriptedServer((request) => request.on('error', () => undefined).resume())
  const cause = new SourceError('the file vanished')
  const stream = (async function* () {
    yield new Uint8Array(10)
    throw cause
  })()
  await expect(transport.send(transportRequest(server.url, { method: 'PUT', body: { stream } }))).rejects.toBe(cause)
})

test.each([413, 409])(
  'a %i that comes while the body is still being written is read, though the server closes at once',
  async (status) => {
    await using server = await impatientServer(status)
    for (let round = 0; round < 20; round += 1) {
      const request = transportRequest(server.url, {
        method: 'PUT',
        body: { stream: chunks(64, mebibyte), size: 64 * mebibyte },
      })
      const response = await transport.send(request)
      expect(response.status).toBe(status)
      expect(await textOfBody(response.body)).toBe('too much')
    }
  },
)

test('an early answer does not wait for a source that never ends', async () => {
  await using server = await scriptedServer((_, response) => response.writeHead(403, { connection: 'close' }).end('no'))
  let returned = false
  const stream: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: (() => {
        let first = true
        return () => {
          const result = first
            ? Promise.resolve({ done: false as const, value: new Uint8Array(10) })
            : new Promise<never>(() => undefined)
          first = false
          return result
        }
      })(),
      return: () => {
        returned = true
        return Promise.resolve({ done: true as const, value: undefined })
      },
    }),
  }
  const response = await transport.send(transportRequest(server.url, { method: 'PUT', body: { stream } }))
  expect(await textOfBody(response.body)).toBe('no')
  await expect.poll(() => returned).toBe(true)
})

test('a server that stops reading is an idle timeout', async () => {
  await using server = await netServer((socket) => socket.pause())
  const timeouts = { connectTimeoutMs: 60_000, headersTimeoutMs: 0, idleTimeoutMs: 100 }
  const request = transportRequest(server.url, { method: 'PUT', body: { stream: chunks(1000, mebibyte) }, timeouts })
  const failure = await transport.send(request).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(TimeoutError)
  expect(failure).toMatchObject({ limit: 'idle', timeoutMs: 100 })
})

test('a source that is slow is not a server that stopped reading', async () => {
  await using server = await scriptedServer((request, response) => request.resume().on('end', () => response.end('ok')))
  const stream = (async function* () {
    for (let index = 0; index < 2; index += 1) {
      await new Promise((resolve) => {
        setTimeout(resolve, 1200)
      })
      yield new Uint8Array(10)
    }
  })()
  const timeouts = { connectTimeoutMs: 60_000, headersTimeoutMs: 60_000, idleTimeoutMs: 1000 }
  const response = await transport.send(transportRequest(server.url, { method: 'PUT', body: { stream }, timeouts }))
  expect(response.status).toBe(200)
})

test.each([true, false])('silence after the last byte is the headers timeout (body: %s)', async (withBody) => {
  await using server = await scriptedServer((request) => request.resume())
  const timeouts = { connectTimeoutMs: 60_000, headersTimeoutMs: 1500, idleTimeoutMs: 1000 }
  const body = withBody ? { stream: chunks(2, 10) } : undefined
  const failure = await transport
    .send(transportRequest(server.url, { method: 'PUT', body, timeouts }))
    .catch((error: unknown) => error)
  expect(failure).toMatchObject({ name: 'TimeoutError', limit: 'headers', timeoutMs: 1500 })
})

test('without a headers timeout, a server may digest the data for longer than any other limit', async () => {
  await using server = await scriptedServer((request, response) => {
    request.resume().on('end', () => setTimeout(() => response.writeHead(204).end(), 2500))
  })
  const timeouts = { connectTimeoutMs: 2000, headersTimeoutMs: 0, idleTimeoutMs: 2000 }
  const response = await transport.send(
    transportRequest(server.url, { method: 'PUT', body: { stream: chunks(2, 10), size: 20 }, timeouts }),
  )
  expect(response.status).toBe(204)
})

test('an answer that stalls is an idle timeout', async () => {
  await using server = await scriptedServer((_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half')
  })
  const timeouts = { connectTimeoutMs: 60_000, headersTimeoutMs: 60_000, idleTimeoutMs: 100 }
  const { body } = await transport.send(transportRequest(server.url, { timeouts }))
  await expect(textOfBody(body)).rejects.toMatchObject({ name: 'TimeoutError', limit: 'idle' })
})

test('an answer cut short of its length is truncated, never complete', async () => {
  await using server = await scriptedServer((_, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('half', () => setTimeout(() => response.socket?.end(), 20))
  })
  const { body } = await transport.send(transportRequest(server.url))
  await expect(textOfBody(body)).rejects.toMatchObject({ name: 'ConnectionError', reason: 'truncated' })
})

test('a connection closed without an answer is a reset', async () => {
  await using server = await netServer((socket) => socket.once('data', () => socket.destroy()))
  await expect(transport.send(transportRequest(server.url))).rejects.toMatchObject({
    name: 'ConnectionError',
    reason: 'reset',
  })
})

test('an answer that is not HTTP is said to be so', async () => {
  await using server = await netServer((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
  await expect(transport.send(transportRequest(server.url))).rejects.toThrow(/is not HTTP/)
})

test('an aborted signal ends a request at any point with an AbortError', async () => {
  await using server = await scriptedServer((request, response) => {
    if (request.url === '/body') response.writeHead(200, { 'content-length': '10' }).write('half')
  })
  const before = AbortSignal.abort(new Error('enough'))
  await expect(transport.send(transportRequest(server.url, { signal: before }))).rejects.toBeInstanceOf(AbortError)
  const waiting = new AbortController()
  const silent = transport.send(transportRequest(server.url, { signal: waiting.signal }))
  await expect.poll(() => server.requests).toHaveLength(1)
  waiting.abort()
  await expect(silent).rejects.toBeInstanceOf(AbortError)
  const reading = new AbortController()
  const { body } = await transport.send(transportRequest(`${server.url}/body`, { signal: reading.signal }))
  const text = textOfBody(body)
  reading.abort()
  await expect(text).rejects.toBeInstanceOf(AbortError)
})

test('leaving the body early closes its connection', async () => {
  await using server = await netServer((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n')
      const more = () => {
        while (socket.writable && socket.write(Buffer.alloc(65536)));
      }
      socket.on('drain', more)
      more()
    })
  })
  const { body } = await transport.send(transportRequest(server.url))
  for await (const _ of body) break
  await expect.poll(() => server.sockets.size).toBe(0)
})

test('compression that a proxy puts on an answer is taken off again', async () => {
  await using server = await scriptedServer((_, response) => {
    const packed = gzipSync('the bytes of the image')
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(packed.length) }).end(packed)
  })
  const { body, headers } = await transport.send(transportRequest(server.url))
  expect(await textOfBody(body)).toBe('the bytes of the image')
  expect(headers.has('content-encoding')).toBe(false)
  expect(headers.has('content-length')).toBe(false)
})

test('header values outside ASCII survive as bytes', async () => {
  await using server = await netServer((socket) => {
    socket.once('data', () => socket.end(Buffer.from('HTTP/1.1 204 OK\r\nx-object-meta-name: größe\r\n\r\n', 'utf8')))
  })
  const { headers } = await transport.send(transportRequest(server.url))
  expect(Buffer.from(headers.get('x-object-meta-name') ?? '', 'latin1').toString('utf8')).toBe('größe')
})
