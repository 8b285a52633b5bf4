import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { HttpError, UnauthorizedError } from '../errors/index.js'
import { connected } from '../testing/connected.js'
import { sendJson } from '../testing/http-server.js'
import { memorySource } from '../testing/memory-source.js'
import { scriptedCloud } from '../testing/scripted-cloud.js'

type Service = (request: IncomingMessage, response: ServerResponse) => void

/** Refuses every token before `token-N`. */
const wantsToken =
  (wanted: number, answer: Service): Service =>
  (request, response) => {
    const given = Number(String(request.headers['x-auth-token']).replace('token-', ''))
    request.resume().on('end', () => {
      if (given < wanted)
        sendJson(response, 401, { message: 'stale<br /><br />\n\n\n', code: '401 Unauthorized', title: 'Unauthorized' })
      else answer(request, response)
    })
  }

test('a request carries the token, wants JSON and no compression, and has an id of its own', async () => {
  let headers: IncomingMessage['headers'] = {}
  await using server = await scriptedCloud({
    service: (request, response) => {
      headers = request.headers
      sendJson(response, 200, {}, { 'x-openstack-request-id': 'req-1' })
    },
  })
  await using cloud = await connected({ auth: server.auth, userAgent: 'app/1' })
  const response = await cloud.image.request({
    method: 'GET',
    path: '/images',
    query: [
      ['name', 'a b&c'],
      ['tag', 'x'],
      ['tag', 'y'],
    ],
  })
  expect(await response.json()).toEqual({})
  expect(response.requestId).toBe('req-1')
  expect(server.requests.at(-1)).toBe('GET /image/v2/images?name=a%20b%26c&tag=x&tag=y')
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  expect(headers).toMatchObject({
    'x-auth-token': 'token-1',
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': `app/1 tyrax-sdk/${version}`,
    'x-openstack-request-id': expect.stringMatching(/^req-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  })
})

test('a refused token is renewed once and the request repeated', async () => {
  await using server = await scriptedCloud({
    service: wantsToken(2, (_, response) => sendJson(response, 200, { ok: true })),
  })
  await using cloud = await connected({ auth: server.auth })
  const response = await cloud.image.request({ method: 'POST', path: '/images', json: {} })
  expect(await response.json()).toEqual({ ok: true })
  expect(server.tokens).toEqual(['token-1', 'token-2'])
})

test('a token that is refused when fresh is an UnauthorizedError after one renewal', async () => {
  await using server = await scriptedCloud({ service: wantsToken(9, () => undefined) })
  await using cloud = await connected({ auth: server.auth })
  const failure = await cloud.image.request({ method: 'GET', path: '/images' }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UnauthorizedError)
  expect(failure).toMatchObject({ message: 'stale', code: '401 Unauthorized' })
  expect(server.tokens).toHaveLength(2)
})

test('twenty requests refused at once ask for one new token', async () => {
  await using server = await scriptedCloud({ service: wantsToken(2, (_, response) => sendJson(response, 200, {})) })
  await using cloud = await connected({ auth: server.auth })
  await cloud.session.grant()
  await Promise.all(
    Array.from({ length: 20 }, async () => (await cloud.image.request({ method: 'GET', path: '/images' })).discard()),
  )
  expect(server.tokens).toEqual(['token-1', 'token-2'])
})

test('data that can be opened again is sent in full with the new token', async () => {
  let received = 0
  await using server = await scriptedCloud({
    service: (request, response) => {
      let bytes = 0
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      request.on('end', () => {
        received = bytes
        response.writeHead(request.headers['x-auth-token'] === 'token-1' ? 401 : 204).end()
      })
    },
  })
  await using cloud = await connected({ auth: server.auth })
  const source = memorySource(new Uint8Array(100_000), true)
  let counted = 0
  const attempts: number[] = []
  const response = await cloud.image.request({
    method: 'PUT',
    path: '/images/x/file',
    body: source,
    onAttempt: (attempt) => {
      attempts.push(attempt)
      counted = 0
    },
    onChunk: (chunk) => {
      counted += chunk.byteLength
    },
  })
  expect(response.status).toBe(204)
  expect([received, counted, source.opened, attempts]).toEqual([100_000, 100_000, 2, [1, 2]])
})

test('data that can be read once is never sent a second time', async () => {
  await using server = await scriptedCloud({ service: wantsToken(2, (_, response) => response.writeHead(204).end()) })
  await using cloud = await connected({ auth: server.auth })
  const source = memorySource(new Uint8Array(10), false)
  const failure = await cloud.image
    .request({ method: 'PUT', path: '/images/x/file', body: source })
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UnauthorizedError)
  expect((failure as HttpError).hint).toMatch(/cannot be sent again/)
  expect(source.opened).toBe(1)
})

test('a busy server is asked again, as Retry-After says; a POST never by itself', async () => {
  let count = 0
  await using server = await scriptedCloud({
    service: (request, response) => {
      count += 1
      request.resume()
      if (count < 3) response.writeHead(503, { 'retry-after': '0' }).end('busy')
      else sendJson(response, 200, { count })
    },
  })
  await using cloud = await connected({ auth: server.auth })
  expect(await (await cloud.image.request({ method: 'GET', path: '/images' })).json()).toEqual({ count: 3 })
  count = 0
  await expect(cloud.image.request({ method: 'POST', path: '/images', json: {} })).rejects.toMatchObject({
    status: 503,
    message: 'busy',
    retryable: true,
  })
  expect(count).toBe(1)
})

test('a longer Retry-After than the policy has patience for is an error at once', async () => {
  let count = 0
  await using server = await scriptedCloud({
    service: (_, response) => {
      count += 1
      response.writeHead(429, { 'retry-after': '3600' }).end()
    },
  })
  await using cloud = await connected({ auth: server.auth })
  await expect(cloud.image.request({ method: 'GET', path: '/images' })).rejects.toMatchObject({
    name: 'RateLimitedError',
  })
  expect(count).toBe(1)
})

test('a lost connection is tried again, and its error comes out when attempts are used up', async () => {
  let count = 0
  await using server = await scriptedCloud({
    service: (request) => {
      count += 1
      request.socket.destroy()
    },
  })
  await using cloud = await connected({ auth: server.auth, retry: { delayMs: 1, retries: 2 } })
  await expect(cloud.image.request({ method: 'GET', path: '/images' })).rejects.toMatchObject({ reason: 'reset' })
  expect(count).toBe(3)
})

test('an answer that breaks off while its JSON is read is asked for again', async () => {
  let count = 0
  await using server = await scriptedCloud({
    service: (_, response) => {
      count += 1
      if (count < 3)
        response.writeHead(200, { 'content-length': '100' }).write('{"images": [', () => response.destroy())
      else sendJson(response, 200, { count })
    },
  })
  await using cloud = await connected({ auth: server.auth })
  expect(await (await cloud.image.request({ method: 'GET', path: '/images' })).json()).toEqual({ count: 3 })
  count = -100
  const response = await cloud.image.request({ method: 'GET', path: '/images', retry: { retries: 1 } })
  await expect(response.json()).rejects.toMatchObject({ name: 'ConnectionError', reason: 'truncated' })
  expect(count).toBe(-98)
})

test('closing ends what is under way', async () => {
  await using server = await scriptedCloud({ service: () => undefined })
  const cloud = await connected({ auth: server.auth })
  const call = cloud.image.request({ method: 'GET', path: '/images' }).catch((error: unknown) => error)
  await expect.poll(() => server.requests.filter((line) => line.includes('/image/'))).toHaveLength(1)
  await cloud[Symbol.asyncDispose]()
  expect(await call).toMatchObject({ name: 'CloudClosedError', message: 'the cloud has been closed' })
})

test('a PUT is repeated where the caller says that it is safe', async () => {
  let count = 0
  await using server = await scriptedCloud({
    service: (request, response) => {
      count += 1
      request.resume().on('end', () => response.writeHead(count === 1 ? 500 : 204).end())
    },
  })
  await using cloud = await connected({ auth: server.auth })
  const response = await cloud.image.request({ method: 'PUT', path: '/images/x/tags/y', retry: { methods: ['PUT'] } })
  expect(response.status).toBe(204)
})

test('statuses that the caller accepts are answers', async () => {
  await using server = await scriptedCloud({ service: (_, response) => response.writeHead(404).end() })
  await using cloud = await connected({ auth: server.auth })
  expect((await cloud.image.request({ method: 'GET', path: '/info/stores', accept: [404] })).status).toBe(404)
})

test('a redirect within the origin is followed, with the token', async () => {
  await using server = await scriptedCloud({
    service: (request, response) => {
      if (request.url === '/image/v2/old') response.writeHead(302, { location: '/image/v2/new' }).end()
      else sendJson(response, 200, { token: request.headers['x-auth-token'] })
    },
  })
  await using cloud = await connected({ auth: server.auth })
  expect(await (await cloud.image.request({ method: 'GET', path: '/old' })).json()).toEqual({ token: 'token-1' })
})

test('the token is never taken to another origin', async () => {
  await using other = await scriptedCloud()
  await using server = await scriptedCloud({
    service: (request, response) => {
      request.resume()
      response.writeHead(307, { location: `${other.url}/image` }).end()
    },
  })
  await using cloud = await connected({ auth: server.auth })
  for (const method of ['GET', 'PUT'] as const) {
    const failure = await cloud.image.request({ method, path: '/x' }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(HttpError)
    expect((failure as Error).message).toContain(
      `redirects to ${other.url}/image: the token is not taken to another origin`,
    )
  }
  expect(other.requests).toEqual([])
})

test('a redirected upload opens its source again, or says that it cannot', async () => {
  await using server = await scriptedCloud({
    service: (request, response) => {
      request.resume().on('end', () => {
        if (request.url === '/image/v2/old') response.writeHead(308, { location: '/image/v2/new' }).end()
        else response.writeHead(204).end()
      })
    },
  })
  await using cloud = await connected({ auth: server.auth })
  const again = memorySource(new Uint8Array(10), true)
  expect((await cloud.image.request({ method: 'PUT', path: '/old', body: again })).status).toBe(204)
  expect(again.opened).toBe(2)
  const once = memorySource(new Uint8Array(10), false)
  await expect(cloud.image.request({ method: 'PUT', path: '/old', body: once })).rejects.toThrow(
    /consumed and cannot be sent again/,
  )
})

test('a circle of redirects ends', async () => {
  await using server = await scriptedCloud({
    service: (_, response) => response.writeHead(302, { location: '/image/v2/round' }).end(),
  })
  await using cloud = await connected({ auth: server.auth })
  await expect(cloud.image.request({ method: 'GET', path: '/round' })).rejects.toThrow(/more than 5 redirects/)
})

test.each([
  ['<html><body>Welcome to nginx</body></html>', 'text/html', /a web page where JSON was expected: Welcome to nginx/],
  ['', 'application/json', /an empty body/],
  ['{"images": [', 'application/json', /not JSON, or only part of it/],
  [Buffer.from([0xff, 0xfe, 0x00]), 'application/json', /not UTF-8/],
])('a good status with a body that is not JSON is a MalformedResponseError (%#)', async (body, type, message) => {
  await using server = await scriptedCloud({
    service: (_, response) =>
      response.writeHead(200, { 'content-type': type, 'x-openstack-request-id': 'req-9' }).end(body),
  })
  await using cloud = await connected({ auth: server.auth })
  const response = await cloud.image.request({ method: 'GET', path: '/images' })
  const failure = await response.json().catch((error: unknown) => error)
  expect(failure).toMatchObject({ name: 'MalformedResponseError', status: 200, requestId: 'req-9' })
  expect((failure as Error).message).toMatch(message)
})

test('an error page of a proxy is told from an answer of the service', async () => {
  await using server = await scriptedCloud({
    service: (_, response) =>
      response
        .writeHead(502, { 'content-type': 'text/html', server: 'nginx' })
        .end(
          '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr></body></html>',
        ),
  })
  await using cloud = await connected({ auth: server.auth, retry: { retries: 0 } })
  await expect(cloud.image.request({ method: 'GET', path: '/images' })).rejects.toMatchObject({
    message: '502 Bad Gateway',
    hint: 'this is not a response of the image service but of a nginx in front of it',
  })
})

test('an aborted call stops waiting for the next attempt', async () => {
  await using server = await scriptedCloud({
    service: (_, response) => response.writeHead(503, { 'retry-after': '60' }).end(),
  })
  await using cloud = await connected({ auth: server.auth })
  const control = new AbortController()
  const call = cloud.image.request({ method: 'GET', path: '/images', signal: control.signal })
  await expect.poll(() => server.requests.filter((line) => line.includes('/image/'))).toHaveLength(1)
  control.abort()
  await expect(call).rejects.toMatchObject({ name: 'AbortError' })
})

test('the log has every request and no secret', async () => {
  const lines: string[] = []
  const log = (message: string, details?: object) => {
    lines.push(`${message} ${JSON.stringify(details)}`)
  }
  await using server = await scriptedCloud({ service: (_, response) => sendJson(response, 200, {}) })
  await using cloud = await connected({ auth: server.auth, logger: { debug: log, info: log, warn: log, error: log } })
  await (await cloud.image.request({ method: 'GET', path: '/x', query: [['temp_url_sig', 'SIGNED']] })).json()
  const text = lines.join('\n')
  expect(text).toContain('/image/v2/x')
  expect(text).not.toMatch(/token-1|SIGNED|secret/)
})
