import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../index.js'
import { call, login } from '../testing/sign-in.js'

let cloud: EmbeddedCloud
let token: string
let account: string
let user: string
beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  const demo = await login(cloud.authUrl, 'demo')
  token = demo.token
  account = `${cloud.objectStoreUrl}/AUTH_${demo.projectId}`
  await call('PUT', `${account}/c`, { token })
  const own = await call('GET', `${cloud.authUrl}/auth/tokens`, {
    token,
    headers: { 'x-subject-token': token },
  })
  user = (own.body as { token: { user: { id: string } } }).token.user.id
})
afterAll(() => cloud.close())

const patchType = 'application/openstack-images-v2.1-json-patch'
const credentials = JSON.stringify({
  auth: {
    identity: {
      methods: ['password'],
      password: {
        user: { name: 'demo', domain: { id: 'default' }, password: 'secret' },
      },
    },
  },
})
const padded = (text: string, bytes: number) => text.padStart(bytes, ' ')
const mebibyte = 1024 ** 2

interface Sent {
  readonly status: number
  readonly text: string
  readonly headers: IncomingMessage['headers']
}

/** Sends a body either chunked or with its Content-Length. */
function send(method: string, url: string, body: string, headers: Record<string, string>, isChunked: boolean) {
  const exchange = request(url, {
    method,
    headers: {
      'x-auth-token': token,
      ...headers,
      ...(isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(Buffer.byteLength(body)) }),
    },
  })
  const response = responseOf(exchange)
  exchange.end(body)
  return response
}

function responseOf(exchange: ClientRequest): Promise<Sent> {
  return new Promise((resolve, reject) => {
    exchange.on('error', reject).on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text,
          headers: response.headers,
        }),
      )
    })
  })
}

const routes = () => [
  {
    name: 'login',
    method: 'POST',
    url: `${cloud.authUrl}/auth/tokens`,
    type: 'application/json',
    most: 114_688,
  },
  {
    name: 'credential',
    method: 'POST',
    url: `${cloud.authUrl}/users/${user}/application_credentials`,
    type: 'application/json',
    most: 114_688,
  },
  {
    name: 'image',
    method: 'POST',
    url: `${cloud.imageUrl}/v2/images`,
    type: 'application/json',
    most: 4 * mebibyte,
  },
  {
    name: 'patch',
    method: 'PATCH',
    url: `${cloud.imageUrl}/v2/images/x`,
    type: patchType,
    most: 4 * mebibyte,
  },
  {
    name: 'member',
    method: 'POST',
    url: `${cloud.imageUrl}/v2/images/x/members`,
    type: 'application/json',
    most: 4 * mebibyte,
  },
  {
    name: 'manifest',
    method: 'PUT',
    url: `${account}/c/o?multipart-manifest=put`,
    type: 'application/json',
    most: 8 * mebibyte,
  },
]
const names = ['login', 'credential', 'image', 'patch', 'member', 'manifest'] as const
const routeOf = (name: string) => routes().find((route) => route.name === name) ?? expect.fail(name)

describe.each([
  ['with its length in front', false],
  ['in chunks', true],
])('a body %s', (_, isChunked) => {
  test.each(names)('%s: one byte above the limit is 413, the limit itself is read', async (name) => {
    const { method, url, type, most } = routeOf(name)
    const over = await send(method, url, padded('[1]', most + 1), { 'content-type': type }, isChunked)
    expect(over.status).toBe(413)
    const whole = await send(method, url, padded('[1]', most), { 'content-type': type }, isChunked)
    expect([400, 403, 404, 422]).toContain(whole.status)
  })

  test('the largest login that Keystone reads is a login', async () => {
    const url = `${cloud.authUrl}/auth/tokens`
    expect((await send('POST', url, padded(credentials, 114_688), {}, isChunked)).status).toBe(201)
    expect((await send('POST', url, padded(credentials, 114_689), {}, isChunked)).status).toBe(413)
  })
})

test('Keystone words it as the middleware in front of it does, in the form that Accept asks for', async () => {
  const url = `${cloud.authUrl}/auth/tokens`
  const refused = (accept: string, isChunked = false) =>
    send('POST', url, padded(credentials, 120_000), { accept }, isChunked)
  expect(JSON.parse((await refused('application/json')).text)).toEqual({
    message: 'Request is too large. Larger than max_request_body_size (%s).<br /><br />\n\n\n',
    code: '413 Request Entity Too Large',
    title: 'Request Entity Too Large',
  })
  expect((await refused('*/*')).text).toContain('<h1>413 Request Entity Too Large</h1>')
  expect((await refused('text/plain', true)).text).toMatch(
    /^413 Request Entity Too Large\n\nRequest is too large. Larger than 114688\./,
  )
})

test('a client that sends everything before it reads gets the refusal', async () => {
  const { hostname, port } = new URL(cloud.url)
  const socket = connect(Number(port), hostname)
  const head = 'POST /identity/v3/auth/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 33554432\r\n\r\n'
  socket.on('error', () => undefined).pause()
  socket.write(head)
  const sent = new Promise((resolve) => socket.write(Buffer.alloc(32 * mebibyte, 0x20), resolve))
  await sent
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (text.includes('\r\n\r\n')) socket.destroy()
  })
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
  expect(text).toMatch(/^HTTP\/1.1 413 /)
})

test('many large bodies at once do not add up, and a small one passes them', async () => {
  const ends: Promise<number | undefined>[] = []
  const exchanges = Array.from({ length: 24 }, () => {
    const exchange = request(`${cloud.imageUrl}/v2/images`, {
      method: 'POST',
      headers: { 'x-auth-token': token, 'content-length': 4 * mebibyte },
    })
    ends.push(
      responseOf(exchange).then(
        ({ status }) => status,
        () => undefined,
      ),
    )
    exchange.write(Buffer.alloc(4 * mebibyte - 1, 0x20))
    return exchange
  })
  // 96 MiB are sent and at most 64 MiB are held, so the first refusals come before any body is complete.
  expect(await Promise.any(ends.map(async (end) => (await end) ?? Promise.reject(new Error('cut off'))))).toBe(503)
  expect((await login(cloud.authUrl, 'demo')).token).not.toBe('')
  for (const exchange of exchanges) exchange.destroy()
  const statuses = await Promise.all(ends)
  expect(statuses.every((status) => status === 503 || status === undefined)).toBe(true)
  // The held memory is free again.
  const json = { 'content-type': 'application/json' }
  const made = await send('POST', `${cloud.imageUrl}/v2/images`, padded('{"name":"after"}', 4 * mebibyte), json, true)
  expect(made.status).toBe(201)
})

describe('JSON that no client sends', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  test.each([
    ['nested 100,000 deep', () => `{"name":${deep(100_000)}}`],
    ['nested 100,000 deep and never closed', () => '['.repeat(100_000)],
    ['objects in objects', () => '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    ['half a million values', () => `{"tags":[${'"",'.repeat(500_000)}""]}`],
    ['bytes that are no UTF-8', () => Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('latin1')],
  ])('%s is 400', async (_, body) => {
    const bytes = Buffer.from(body(), 'latin1').subarray(0, 4 * mebibyte)
    for (const name of ['login', 'image', 'patch', 'member', 'manifest']) {
      const { method, url, type, most } = routeOf(name)
      if (bytes.length > most) continue
      const response = await fetch(url, {
        method,
        body: bytes,
        headers: { 'x-auth-token': token, 'content-type': type },
      })
      expect([name, response.status]).toEqual([name, 400])
    }
  })
})

describe('what errors repeat of a request', () => {
  const hostile = '<'.repeat(400_000)
  test.each(['application/json', '*/*', 'text/plain'])('is cut: %s', async (accept) => {
    const headers = { accept, 'content-type': 'application/json' }
    const body = JSON.stringify({ name: hostile })
    const refused = await send('POST', `${cloud.imageUrl}/v2/images`, body, headers, false)
    expect(refused.status).toBe(400)
    expect(refused.text.length).toBeLessThan(32_768)
    expect(refused.text).toContain('Provided object does not match schema')
  })

  test('is cut by Keystone too', async () => {
    const body = JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: '<'.repeat(100_000) },
      },
    })
    const refused = await send('POST', `${cloud.authUrl}/auth/tokens`, body, {}, false)
    expect(refused.status).toBe(400)
    expect(refused.text.length).toBeLessThan(8192)
  })

  test('is kept as it is in plain text, and escaped in HTML', async () => {
    const headers = (accept: string) => ({
      accept,
      'content-type': 'application/json',
    })
    const body = JSON.stringify({ disk_format: '<b>"&"</b><br>' })
    const refused = (accept: string) => send('POST', `${cloud.imageUrl}/v2/images`, body, headers(accept), false)
    expect((await refused('text/plain')).text).toContain(`'<b>"&"</b><br>' is not one of`)
    expect((await refused('text/html')).text).toContain(
      `'&lt;b&gt;&quot;&amp;&quot;&lt;/b&gt;&lt;br&gt;' is not one of`,
    )
  })

  test('is escaped where it is a media type', async () => {
    const headers = { accept: 'text/html', 'content-type': 'text/<script>' }
    const refused = await send('PATCH', `${cloud.imageUrl}/v2/images/x`, '[]', headers, false)
    expect([refused.status, refused.text.includes('<script>')]).toEqual([415, false])
    expect(refused.text).toContain('text/&lt;script&gt;')
  })
})
