import { createServer, request, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../index.js'
import { call } from '../testing/sign-in.js'

/** The status of a request whose head has these lines. */
function statusOf(url: string, lines: readonly string[]): Promise<number> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`))
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1'))).on('error', reject)
    socket.on('close', () => resolve(Number(text.split(' ')[1])))
  })
}

const asHost = (url: string, host: string, path = '/identity/v3') =>
  statusOf(url, [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close'])

describe('on loopback', () => {
  let cloud: EmbeddedCloud
  beforeAll(async () => {
    cloud = await startCloud({ port: 0, host: '127.0.0.2', publicUrl: 'https://Cloud.Example:8443' })
  })
  afterAll(() => cloud.close())

  test.each([
    'localhost',
    'LOCALHOST:5000',
    'localhost.',
    'dev.localhost:80',
    '127.0.0.1',
    '127.0.0.2:1234',
    '127.255.0.1',
    '[::1]',
    '[::1]:5000',
    'cloud.example',
    'CLOUD.example:9',
  ])('%s is answered', async (host) => {
    expect(await asHost(cloud.localUrl, host)).toBe(200)
  })

  test.each([
    'evil.example',
    'evil.example:5000',
    'localhost.evil.example',
    'notlocalhost',
    '127.0.0.1.evil.example',
    'cloud.example.evil.example',
    '128.0.0.1',
    '10.0.0.1',
    '0.0.0.0',
    '127.1',
    '2130706433',
    '[::2]',
    '[::ffff:10.0.0.1]',
  ])('%s is 421, on every path and before a login', async (host) => {
    for (const path of ['/', '/identity/v3', '/image/v2/images', '/object-store/v1/AUTH_x', '/info', '/nowhere']) {
      expect([path, await asHost(cloud.localUrl, host, path)]).toEqual([path, 421])
    }
    const login = ['POST /identity/v3/auth/tokens HTTP/1.1', `Host: ${host}`, 'Content-Length: 0', 'Connection: close']
    expect(await statusOf(cloud.localUrl, login)).toBe(421)
  })

  test.each([
    '',
    ' ',
    'a b',
    'localhost:x',
    'localhost:123456',
    'localhost/x',
    'user@localhost',
    '[::1',
    '[]',
    '[x]',
    'a,b',
    '"',
  ])('Host %j is 400', async (host) => {
    expect(await asHost(cloud.localUrl, host)).toBe(400)
  })

  test('none, and two of them, are 400', async () => {
    expect(await statusOf(cloud.localUrl, ['GET / HTTP/1.1', 'Connection: close'])).toBe(400)
    expect(await statusOf(cloud.localUrl, ['GET / HTTP/1.0'])).toBe(400)
    const twice = ['GET /info HTTP/1.1', 'Host: localhost', 'Host: localhost', 'Connection: close']
    expect(await statusOf(cloud.localUrl, twice)).toBe(400)
  })
})

test('beyond loopback every well-formed Host is answered: the cloud cannot know its names', async () => {
  await using cloud = await startCloud({ port: 0, host: '0.0.0.0', allowDefaultPasswords: true })
  expect(await asHost(cloud.localUrl, 'build-host.example:5000')).toBe(200)
  expect(await asHost(cloud.localUrl, 'a b')).toBe(400)
})

/** A reverse proxy for `/some/path` that keeps or strips the path, and keeps the Host header or sends the target's. */
async function startProxy(target: () => string, keepsPath: boolean, keepsHost: boolean): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    const path = incoming.url ?? ''
    const there = `${target()}${keepsPath ? path : path.slice('/some/path'.length)}`
    const { host, ...headers } = incoming.headers
    const onward = request(there, {
      method: incoming.method,
      headers: { ...headers, ...(keepsHost && { host }) },
    })
    onward.on('response', (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.rawHeaders)
      response.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  return proxy
}

interface TokenBody {
  readonly token: {
    readonly project: { readonly id: string }
    readonly catalog: readonly { readonly type: string; readonly endpoints: readonly { readonly url: string }[] }[]
  }
}

describe.each([
  { keepsPath: true, keepsHost: true },
  { keepsPath: true, keepsHost: false },
  { keepsPath: false, keepsHost: true },
  { keepsPath: false, keepsHost: false },
])('behind a reverse proxy: %j', ({ keepsPath, keepsHost }) => {
  let proxy: Server
  let cloud: EmbeddedCloud
  beforeAll(async () => {
    proxy = await startProxy(() => cloud.localUrl, keepsPath, keepsHost)
    const { port } = proxy.address() as AddressInfo
    cloud = await startCloud({ port: 0, publicUrl: `http://127.0.0.1:${port}/some/path/` })
  })
  afterAll(async () => {
    await cloud.close()
    proxy.closeAllConnections()
    proxy.close()
  })

  test('login, catalogue, images and objects work by the public URL alone', async () => {
    const domain = { id: 'default' }
    const login = await call('POST', `${cloud.authUrl}/auth/tokens`, {
      json: {
        auth: {
          identity: { methods: ['password'], password: { user: { name: 'demo', domain, password: 'secret' } } },
          scope: { project: { name: 'demo', domain } },
        },
      },
    })
    const token = login.headers.get('x-subject-token') ?? ''
    const { catalog, project } = (login.body as TokenBody).token
    const urls = catalog.flatMap(({ endpoints }) => endpoints.map(({ url }) => url))
    expect(urls.filter((url) => !url.startsWith(`${cloud.url}/`))).toEqual([])
    const endpointOf = (type: string) => catalog.find((each) => each.type === type)?.endpoints[0]?.url ?? ''

    const image = await call('POST', `${endpointOf('image')}/v2/images`, { token, json: { name: 'one' } })
    const location = image.headers.get('location') ?? ''
    expect(location).toBe(`${cloud.imageUrl}/v2/images/${(image.body as { id: string }).id}`)
    expect((await call('GET', location, { token })).status).toBe(200)
    await call('PUT', `${endpointOf('object-store')}/c`, { token })
    expect((await call('PUT', `${endpointOf('object-store')}/c/o`, { token, data: 'data' })).status).toBe(201)
    expect((await call('GET', `${cloud.objectStoreUrl}/AUTH_${project.id}/c/o`, { token })).text).toBe('data')
    const own = await call('GET', `${cloud.authUrl}/auth/projects`, { token })
    expect((own.body as { links: { self: string } }).links.self).toBe(`${cloud.authUrl}/auth/projects`)
  })

  test('everything that names the cloud names it so', async () => {
    const versions = await Promise.all(
      ['/identity/', '/identity/v3', '/image/', '/image/versions'].map(async (path) => call('GET', cloud.url + path)),
    )
    for (const { text } of versions) {
      expect(text).toContain(cloud.url)
      expect(text).not.toContain(cloud.localUrl)
    }
    const refused = await call('GET', `${cloud.imageUrl}/v2/images`)
    expect(refused.headers.get('www-authenticate')).toBe(`Keystone uri="${cloud.url}/identity"`)
  })
})

test('a public path that is a service path too is read either way', async () => {
  await using cloud = await startCloud({ port: 0, publicUrl: 'http://localhost/image' })
  const statuses = ['/image/versions', '/image/image/versions', '/image/identity/v3', '/identity/v3', '/image']
  const found = await Promise.all(statuses.map((path) => asHost(cloud.localUrl, 'localhost', path)))
  expect(found).toEqual([200, 200, 200, 200, 300])
})
