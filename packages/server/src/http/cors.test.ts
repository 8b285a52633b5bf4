import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AddressError, startCloud, type EmbeddedCloud, type FaultPlan } from '../index.js'

const page = 'http://localhost:5173'

interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

function ask(url: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; headers: Record<string, string | undefined>; text: string }>(
    (resolve, reject) => {
      const sent = request(url, { method, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string | undefined>,
            text,
          }),
        )
      })
      sent.on('error', reject).end(body)
    },
  )
}

const preflight = (origin: string, method: string, headers: string, more: Record<string, string> = {}): Asked => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': headers,
    ...more,
  },
})

const faults: FaultPlan = [{ match: { path: '/image/v2/schemas/image' }, fault: { type: 'status', status: 503 } }]

async function tokenOf(cloud: EmbeddedCloud): Promise<string> {
  const body = JSON.stringify({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'demo', domain: { id: 'default' }, password: 'secret' } },
      },
      scope: { project: { name: 'demo', domain: { id: 'default' } } },
    },
  })
  const headers = { 'content-type': 'application/json', origin: page }
  const response = await ask(`${cloud.authUrl}/auth/tokens`, { method: 'POST', headers, body })
  expect(response.headers['access-control-expose-headers']).toMatch(/\bx-subject-token\b/)
  return response.headers['x-subject-token'] ?? ''
}

const varies = (value: string | undefined) => (value ?? '').split(', ').filter((name) => name === 'Origin').length

describe('for an origin that is named', () => {
  let cloud: EmbeddedCloud
  beforeAll(async () => {
    cloud = await startCloud({ port: 0, cors: [`${page}/`, 'https://other.example:443'], faults })
  })
  afterAll(() => cloud.close())

  test.each([
    ['POST', '/identity/v3/auth/tokens', 'content-type,x-openstack-request-id'],
    ['DELETE', '/identity/v3/auth/tokens', 'x-auth-token,x-subject-token'],
    ['GET', '/image/v2/images', 'x-auth-token'],
    ['PATCH', '/image/v2/images/1', 'X-Auth-Token, Content-Type'],
    ['PUT', '/image/v2/images/1/file', 'content-type,x-auth-token,x-image-meta-store,x-openstack-image-size'],
    ['HEAD', '/object-store/v1/AUTH_1', 'x-auth-token'],
    ['PUT', '/object-store/v1/AUTH_1/c/o', 'x-auth-token,x-object-meta-a,x-delete-after,x-object-manifest'],
    ['POST', '/object-store/v1/AUTH_1/c', 'x-container-meta-a,x-remove-container-meta-b,x-container-read'],
    ['COPY', '/object-store/v1/AUTH_1/c/o', 'destination,x-auth-token'],
  ])('the preflight of %s %s is answered without a token', async (method, path, headers) => {
    const response = await ask(cloud.url + path, preflight(page, method, headers))
    expect(response.status).toBe(200)
    expect(response.headers['access-control-allow-origin']).toBe(page)
    expect(response.headers['access-control-allow-methods']?.split(', ')).toContain(method)
    const asked = headers.toLowerCase().split(/, ?/)
    expect(response.headers['access-control-allow-headers']?.split(', ').sort()).toEqual(asked.sort())
    expect(response.headers['access-control-allow-credentials']).toBeUndefined()
    expect(varies(response.headers['vary'])).toBe(1)
  })

  test('a header that no service takes is not allowed', async () => {
    const response = await ask(`${cloud.imageUrl}/v2/images`, preflight(page, 'GET', 'x-auth-token,x-requested-with'))
    expect(response.headers['access-control-allow-headers']).toBe('x-auth-token')
  })

  test('a private network may be asked only where the browser asks whether it may', async () => {
    const url = `${cloud.imageUrl}/v2/images`
    const more = { 'access-control-request-private-network': 'true' }
    expect((await ask(url, preflight(page, 'GET', 'x-auth-token', more))).headers).toMatchObject({
      'access-control-allow-private-network': 'true',
    })
    expect((await ask(url, preflight(page, 'GET', 'x-auth-token'))).headers).not.toHaveProperty(
      'access-control-allow-private-network',
    )
  })

  test('what is answered may be read, with the headers that it has', async () => {
    const headers = { origin: page, 'x-auth-token': await tokenOf(cloud) }
    const made = await ask(`${cloud.imageUrl}/v2/images`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'one' }),
    })
    expect(made.status).toBe(201)
    expect(made.headers['access-control-allow-origin']).toBe(page)
    expect(made.headers['access-control-expose-headers']?.split(', ')).toEqual(
      expect.arrayContaining([
        'location',
        'etag',
        'content-md5',
        'x-openstack-request-id',
        'openstack-image-import-methods',
      ]),
    )
  })

  test.each([
    ['401 of Keystone', '/identity/v3/auth/tokens', 401],
    ['401 of Glance', '/image/v2/images', 401],
    ['401 of Swift', '/object-store/v1/AUTH_none/c', 401],
    ['404 of no service', '/nothing', 404],
    ['503 of a fault', '/image/v2/schemas/image', 503],
  ])('the page can read the %s', async (_, path, status) => {
    const response = await ask(cloud.url + path, { headers: { origin: page } })
    expect(response.status).toBe(status)
    expect(response.headers['access-control-allow-origin']).toBe(page)
    expect(varies(response.headers['vary'])).toBe(1)
  })

  test('413 to a body that is not read can be read too', async () => {
    const response = await ask(`${cloud.authUrl}/auth/tokens`, {
      method: 'POST',
      headers: { origin: page, 'content-type': 'application/json' },
      body: JSON.stringify({ auth: 'x'.repeat(2 ** 20) }),
    })
    expect(response.status).toBe(413)
    expect(response.headers['access-control-allow-origin']).toBe(page)
  })

  test.each(['http://localhost:5174', 'https://localhost:5173', 'http://localhost:5173.evil.example', 'null', ''])(
    'the origin "%s" is not allowed',
    async (origin) => {
      const response = await ask(`${cloud.imageUrl}/v2/images`, preflight(origin, 'GET', 'x-auth-token'))
      const plain = await ask(`${cloud.imageUrl}/versions`, { headers: { origin } })
      for (const { headers } of [response, plain]) {
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
        expect(varies(headers['vary'])).toBe(1)
      }
    },
  )

  test('a default port is no part of an origin', async () => {
    const response = await ask(cloud.url, { headers: { origin: 'https://other.example' } })
    expect(response.headers['access-control-allow-origin']).toBe('https://other.example')
  })

  test('a foreign Host header is refused, whatever the origin', async () => {
    const asked = preflight(page, 'GET', 'x-auth-token', { host: 'evil.example' })
    expect((await ask(`${cloud.imageUrl}/v2/images`, asked)).status).toBe(421)
  })
})

test('for all origins it is the same for each of them, and never with credentials', async () => {
  await using cloud = await startCloud({ port: 0, cors: '*' })
  for (const origin of ['https://any.example', 'null', 'chrome-extension://abc']) {
    const { headers } = await ask(`${cloud.imageUrl}/v2/images`, preflight(origin, 'GET', 'x-auth-token'))
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
  }
})

test('without origins there is no CORS header at all', async () => {
  for (const cors of [undefined, []]) {
    await using cloud = await startCloud({ port: 0, cors })
    const asked = [preflight(page, 'GET', 'x-auth-token'), { headers: { origin: page } }]
    for (const each of asked) {
      const { headers, status } = await ask(`${cloud.imageUrl}/v2/images`, each)
      expect(status).not.toBe(200)
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      expect(varies(headers['vary'])).toBe(0)
    }
  }
})

test.each([
  'localhost:5173',
  'http://localhost:5173/app',
  'http://me@localhost',
  'http://*.example',
  'null',
  '',
  'http://',
])('"%s" is no origin', async (origin) => {
  await expect(startCloud({ port: 0, cors: [origin] })).rejects.toMatchObject({ name: 'AddressError', option: 'cors' })
  await expect(startCloud({ port: 0, cors: [origin] })).rejects.toBeInstanceOf(AddressError)
})
