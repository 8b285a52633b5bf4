import { createHash } from 'node:crypto'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import { connect as connectSocket, type AddressInfo } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { makeCertificates, type Certificates } from '../testing/certificates.js'
import { scriptedServer, type ScriptedServer } from '../testing/http-server.js'
import { unusedPort } from '../testing/net-server.js'
import { textOfBody, transportRequest } from '../testing/transport-request.js'
import type { ConnectionOptions } from './dispatchers.js'
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

/** A proxy for both: absolute URLs for http, CONNECT for https. */
async function proxyServer(): Promise<ScriptedServer> {
  const requests: string[] = []
  const server = createHttpServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.end('by proxy')
  })
  server.on('connect', (request, client) => {
    requests.push(`CONNECT ${request.url}`)
    if (request.headers['proxy-authorization'] === 'Basic YTpiYWQ=') {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const [host, port] = (request.url ?? '').split(':')
    const onward = connectSocket(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.pipe(client)
      client.pipe(onward)
    })
    onward.on('error', () => client.destroy())
    client.on('error', () => onward.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    requests,
    port,
    url: `http://127.0.0.1:${port}`,
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
  await using proxy = await proxyServer()
  await using secure = await httpsServer(certificates.server)
  await using plain = await scriptedServer((_, response) => response.end('direct'))
  const env = { http_proxy: proxy.url, https_proxy: proxy.url }
  expect(await get(`${plain.url}/v3`, { env })).toBe('200 by proxy')
  expect(await get(secure.url, { env, ca: certificates.ca })).toBe('200 hello, unknown client')
  expect(await get(plain.url, { env: { ...env, NO_PROXY: '127.0.0.0/8' } })).toBe('200 direct')
  expect(await get(plain.url, { env, proxy: false })).toBe('200 direct')
  expect(proxy.requests).toEqual([`GET ${plain.url}/v3`, `CONNECT 127.0.0.1:${secure.port}`])
})

test('a proxy that wants other credentials is named, without the credentials', async () => {
  await using proxy = await proxyServer()
  const failure = await get('https://cloud.example', {
    env: { https_proxy: `http://a:bad@127.0.0.1:${proxy.port}` },
  }).catch((error: unknown) => error as Error & { reason: string })
  expect(failure).toMatchObject({ reason: 'proxy' })
  expect(String(failure)).not.toContain('bad')
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
    await using proxy = await proxyServer()
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
