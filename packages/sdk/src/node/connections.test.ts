import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { makeCertificates, startProxyServer, type Certificates } from '@tyrax/testkit'
import { scriptedServer } from '../testing/http-server.js'
import { unusedPort } from '../testing/net-server.js'
import { textOfBody, transportRequest } from '../testing/transport-request.js'
import type { ConnectionOptions } from './connection-options.js'
import { createUndiciTransport } from './undici-transport.js'

let certificates: Certificates
beforeAll(() => {
  certificates = makeCertificates('IP:127.0.0.1')
})

async function get(url: string, options: ConnectionOptions = {}): Promise<string> {
  const transport = createUndiciTransport({ env: {}, ...options })
  try {
    const response = await transport.send(transportRequest(url))
    return `${response.status} ${await textOfBody(response.body)}`
  } finally {
    await transport.close()
  }
}

const greet: RequestListener = (request, response) => {
  const { authorized } = request.socket as unknown as { authorized?: boolean }
  response.end(`hello, ${authorized ? 'known' : 'unknown'} client`)
}

async function httpsServer(
  options: ServerOptions,
  listener = greet,
): Promise<{ url: string; port: number } & AsyncDisposable> {
  const server = createHttpsServer(options, listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `https://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

test('a certificate is trusted with its authority, and with insecure', async () => {
  await using server = await httpsServer(certificates.server)
  expect(await get(server.url, { ca: certificates.ca })).toBe('200 hello, unknown client')
  expect(await get(server.url, { insecure: true })).toBe('200 hello, unknown client')
})

test('a client certificate is shown to the server', async () => {
  await using server = await httpsServer({
    ...certificates.server,
    ca: certificates.ca,
    requestCert: true,
    rejectUnauthorized: true,
  })
  expect(await get(server.url, { ca: certificates.ca, ...certificates.client })).toBe('200 hello, known client')
})

test('an unknown authority, another host name, a refused connection, an unknown host and a dead proxy have a message each', async () => {
  await using server = await httpsServer(certificates.server)
  const other = makeCertificates('DNS:elsewhere.example')
  await using misnamed = await httpsServer(other.server)
  const port = await unusedPort()
  const failures = [
    get(server.url),
    get(misnamed.url, { ca: other.ca }),
    get(`http://127.0.0.1:${port}`),
    get('http://no-such-host.invalid'),
    get('http://cloud.example', { env: { http_proxy: `http://user:pass@127.0.0.1:${port}` } }),
    get(server.url, { env: { HTTPS_PROXY: `http://127.0.0.1:${port}` }, ca: certificates.ca }),
  ].map((attempt) => attempt.then(String, (error: Error & { reason: string }) => `${error.reason}: ${error.message}`))
  const proxied = `the proxy http://127.0.0.1:${port} cannot be reached (ECONNREFUSED)`
  const direct = '[directly: no proxy is set]'
  expect(await Promise.all(failures)).toEqual([
    `tls: the certificate of 127.0.0.1:${server.port} is signed by an authority that is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE) ${direct}`,
    `tls: the certificate of 127.0.0.1:${misnamed.port} is for another host name ${direct}`,
    `refused: 127.0.0.1:${port} cannot be reached (ECONNREFUSED) ${direct}`,
    expect.stringMatching(
      /^dns: the host name no-such-host.invalid cannot be resolved \(E\w+\) \[directly: no proxy is set\]$/,
    ),
    `proxy: ${proxied} [by proxy: http_proxy is set]`,
    `proxy: ${proxied} [by proxy: HTTPS_PROXY is set]`,
  ])
})

test('plain http behind an https URL, and the reverse, are explained', async () => {
  await using plain = await scriptedServer((_, response) => response.end())
  await expect(get(`https://127.0.0.1:${plain.port}`)).rejects.toMatchObject({ reason: 'tls' })
  await using secure = await httpsServer(certificates.server)
  await expect(get(`http://127.0.0.1:${secure.port}`)).rejects.toMatchObject({ name: 'ConnectionError' })
})

test('http goes to the proxy as an absolute URL, https through a tunnel, and NO_PROXY around it', async () => {
  await using proxy = await startProxyServer()
  await using secure = await httpsServer(certificates.server)
  await using plain = await scriptedServer((_, response) => response.end('direct'))
  const env = { http_proxy: proxy.url, https_proxy: proxy.url }
  expect(await get(`${plain.url}/v3`, { env })).toBe('200 direct')
  expect(await get(secure.url, { env, ca: certificates.ca })).toBe('200 hello, unknown client')
  expect(await get(plain.url, { env: { ...env, NO_PROXY: '127.0.0.0/8' } })).toBe('200 direct')
  expect(await get(plain.url, { env, proxy: false })).toBe('200 direct')
  expect(proxy.requests).toEqual([`GET ${plain.url}/v3`, `CONNECT 127.0.0.1:${secure.port}`])
})

test.each(['http', 'https'])(
  'credentials go to the %s proxy as curl sends them, and to no other server',
  async (scheme) => {
    const seen: unknown[] = []
    const listener: RequestListener = (request, response) => {
      seen.push(request.headers['proxy-authorization'])
      response.end('reached')
    }
    await using plain = await scriptedServer(listener)
    await using secure = await httpsServer(certificates.server, listener)
    for (const [userinfo, credentials] of [
      ['user:p%ss', 'user:p%ss'],
      ['user:p%25s%40', 'user:p%s@'],
      ['user', 'user:'],
    ]) {
      const tls = scheme === 'https' ? certificates.server : undefined
      await using proxy = await startProxyServer({ tls, credentials })
      const env = { all_proxy: `${scheme}://${userinfo}@127.0.0.1:${proxy.port}` }
      for (const url of [plain.url, secure.url]) {
        expect(await get(url, { env, ca: certificates.ca })).toBe('200 reached')
      }
      expect(proxy.requests).toEqual([`GET ${plain.url}/`, `CONNECT 127.0.0.1:${secure.port}`])
    }
    expect(seen).toEqual(Array(6).fill(undefined))
  },
)

test.each(['http', 'https'])(
  'an %s URL behind a proxy that wants other credentials: named, without them',
  async (scheme) => {
    await using proxy = await startProxyServer({ credentials: 'a:good' })
    const env = { all_proxy: `http://a:bad@127.0.0.1:${proxy.port}` }
    const failure = await get(`${scheme}://cloud.example`, { env }).catch((error: unknown) => error as Error)
    expect(failure).toMatchObject({ name: 'ConnectionError', reason: 'proxy' })
    expect(String(failure)).toContain(`the proxy ${proxy.url} refused to connect to cloud.example`)
    expect(String(failure)).toContain('407')
    expect(String(failure)).not.toContain('bad')
  },
)

test('the certificate of a proxy is checked, and blamed on the proxy', async () => {
  await using proxy = await startProxyServer({ tls: certificates.server })
  for (const url of ['http://cloud.example', 'https://cloud.example']) {
    await expect(get(url, { proxy: proxy.url })).rejects.toMatchObject({
      reason: 'tls',
      message: expect.stringContaining(`the certificate of the proxy ${proxy.url} is signed by an authority`),
    })
  }
  expect(proxy.requests).toEqual([])
})

test('a proxy that never opens the tunnel is given up like a server that cannot be reached', async () => {
  await using proxy = await startProxyServer({ isSilent: true })
  const transport = createUndiciTransport({ proxy: proxy.url })
  const timeouts = { connectTimeoutMs: 200, headersTimeoutMs: 0, idleTimeoutMs: 0 }
  await expect(transport.send(transportRequest('https://cloud.example', { timeouts }))).rejects.toMatchObject({
    name: 'TimeoutError',
    limit: 'connect',
    message: expect.stringContaining(`no connection to the proxy ${proxy.url} within 200 ms`),
  })
  await transport.close()
})

/** The hash of a body that is read with pauses. */
const slowly: RequestListener = (request, response) => {
  const hash = createHash('sha256')
  request.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    request.pause()
    setTimeout(() => request.resume(), 1)
  })
  request.on('end', () => response.end(hash.digest('hex')))
}

test.each(['http', 'https', 'https by proxy'])(
  '%s: a chunk has left when the next but one is asked for, however slowly it is read',
  async (how) => {
    await using plain = await scriptedServer(slowly)
    await using secure = await httpsServer(certificates.server, slowly)
    await using proxy = await startProxyServer()
    const { url } = how === 'http' ? plain : secure
    const transport = createUndiciTransport({
      env: {},
      ca: certificates.ca,
      proxy: how === 'https by proxy' ? proxy.url : false,
    })
    const sent = createHash('sha256')
    const memory = [Buffer.alloc(300_000), Buffer.alloc(300_000)] as const
    const stream = (async function* () {
      for (let index = 0; index < 80; index += 1) {
        const chunk = memory[index % 2 === 0 ? 0 : 1].fill(index + 1)
        sent.update(chunk)
        yield chunk
      }
    })()
    try {
      expect(transport.reuse).toBe(true)
      const { body } = await transport.send(transportRequest(url, { method: 'PUT', body: { stream } }))
      expect(await textOfBody(body)).toBe(sent.digest('hex'))
    } finally {
      await transport.close()
    }
  },
)
