import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import { createServer as createNetServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { tmpdir } from 'node:os'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  makeCertificates,
  type Certificates,
  listening,
  startProxyServer,
  findRuntimes,
  type Runtime,
  type RuntimeName,
  startScript,
} from '@tyrax/testkit'

const scenario = fileURLToPath(new URL('../../runtimes/scenario.mjs', import.meta.url))

let runtimes: Readonly<Record<RuntimeName, Runtime>>
let certificates: Certificates
beforeAll(async () => {
  runtimes = await findRuntimes()
  certificates = makeCertificates('IP:127.0.0.1')
})

const greet: RequestListener = (request, response) => {
  const { authorized } = request.socket as unknown as { authorized?: boolean }
  response.end(authorized ? 'known' : 'unknown')
}
const plainServer = (listener: RequestListener) => listening(createServer(listener))
const tlsServer = (options: ServerOptions = {}) =>
  listening(createTlsServer({ ...certificates.server, ...options }, greet))

describe.each(['node', 'bun', 'deno'] as const)('%s', (name) => {
  /** Runs a scenario and returns what it printed; the process must have exited by itself. */
  async function run(what: string, input: object): Promise<unknown> {
    const script = startScript(runtimes[name], [scenario, what, JSON.stringify(input)], { env: {}, cwd: tmpdir() })
    const { exitCode, stdout, stderr } = await script.ended
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    return JSON.parse(stdout) as unknown
  }

  test('a certificate is trusted with its authority or with insecure, and no other', async () => {
    await using server = await tlsServer()
    const url = `https://127.0.0.1:${server.port}`
    const other = makeCertificates('IP:127.0.0.1')
    const elsewhere = makeCertificates('DNS:elsewhere.example')
    await using misnamed = await tlsServer(elsewhere.server)
    const get = (options: object, from = url) => run('get', { url: from, options })
    expect(await get({ ca: certificates.ca })).toMatchObject({ status: 200, body: 'unknown' })
    expect(await get({ insecure: true })).toMatchObject({ status: 200, body: 'unknown' })
    for (const options of [{}, { ca: other.ca }]) {
      expect(await get(options)).toMatchObject({ name: 'ConnectionError', reason: 'tls' })
    }
    const misnamedUrl = `https://127.0.0.1:${misnamed.port}`
    expect(await get({ ca: elsewhere.ca }, misnamedUrl)).toMatchObject({ name: 'ConnectionError', reason: 'tls' })
  })

  test('a client certificate is shown to the server', async () => {
    await using server = await tlsServer({ ca: certificates.ca, requestCert: true, rejectUnauthorized: true })
    const url = `https://127.0.0.1:${server.port}`
    const { ca, client } = certificates
    expect(await run('get', { url, options: { ca, ...client } })).toMatchObject({ status: 200, body: 'known' })
    expect(await run('get', { url, options: { ca } })).toMatchObject({ name: 'ConnectionError' })
  })

  test('http goes by the proxy as a whole URL, https through a tunnel, and no_proxy around it', async () => {
    await using secure = await tlsServer()
    await using plain = await plainServer(greet)
    await using proxy = await startProxyServer({ credentials: 'user:pass' })
    const proxyUrl = `http://user:pass@127.0.0.1:${proxy.port}`
    const env = { http_proxy: proxyUrl, https_proxy: proxyUrl }
    const { ca } = certificates
    const urls = { plain: `http://127.0.0.1:${plain.port}/v3`, secure: `https://127.0.0.1:${secure.port}/v3` }
    for (const options of [{ env }, { proxy: proxyUrl }]) {
      expect(await run('get', { url: urls.plain, options })).toMatchObject({ status: 200 })
      expect(await run('get', { url: urls.secure, options: { ca, ...options } })).toMatchObject({ status: 200 })
    }
    const through = [`GET ${urls.plain}`, `CONNECT 127.0.0.1:${secure.port}`]
    expect(proxy.requests).toEqual([...through, ...through])
    expect(await run('get', { url: urls.plain, options: { env: { ...env, no_proxy: '127.0.0.0/8' } } })).toMatchObject({
      status: 200,
    })
    expect(proxy.requests).toHaveLength(4)
    const refused = { ca, proxy: proxy.url }
    expect(await run('get', { url: urls.secure, options: refused })).toMatchObject({ reason: 'proxy' })
    expect(await run('get', { url: urls.plain, options: { proxy: 'socks5://127.0.0.1:1' } })).toMatchObject({
      name: 'ConfigError',
    })
  })

  test('a proxy may speak https', async () => {
    await using secure = await tlsServer()
    await using plain = await plainServer(greet)
    await using proxy = await startProxyServer({ tls: certificates.server })
    const options = { ca: certificates.ca, proxy: `https://127.0.0.1:${proxy.port}` }
    for (const url of [`http://127.0.0.1:${plain.port}/`, `https://127.0.0.1:${secure.port}/`]) {
      expect(await run('get', { url, options })).toMatchObject({ status: 200, body: 'unknown' })
    }
    expect(proxy.requests).toHaveLength(2)
    expect(await run('get', { url: 'http://a.example/', options: { proxy: options.proxy } })).toMatchObject({
      reason: 'tls',
    })
  })

  test('each limit ends what stands still, and says which it was', async () => {
    await using silent = await listening(createNetServer((socket) => socket.on('error', () => undefined).resume()))
    await using stopping = await plainServer((_, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half')
    })
    await using deaf = await listening(createNetServer((socket) => socket.on('error', () => undefined).pause()))
    const url = (server: { readonly port: number }) => `http://127.0.0.1:${server.port}/`
    const late = { name: 'TimeoutError' }
    const headers = { url: url(silent), timeouts: { headersTimeoutMs: 300 } }
    expect(await run('get', headers)).toMatchObject({ ...late, limit: 'headers' })
    const idle = { url: url(stopping), timeouts: { idleTimeoutMs: 300 } }
    expect(await run('get', idle)).toMatchObject({ ...late, limit: 'idle' })
    // The server never responds to the TLS handshake.
    const connecting = { url: `https://127.0.0.1:${silent.port}/`, timeouts: { connectTimeoutMs: 300 } }
    expect(await run('get', connecting)).toMatchObject({ ...late, limit: 'connect' })
    const sending = { url: url(deaf), mebibytes: 1000, timeouts: { idleTimeoutMs: 500 } }
    const sent = (await run('put', sending)) as { readonly asked: number }
    expect(sent).toMatchObject({ ...late, limit: 'idle' })
    // The kernel buffers some chunks; the rest are not requested.
    expect(sent.asked).toBeLessThan(100)
  })

  test('a stream of known size goes with its length, and an answer before its end is read', async () => {
    const seen: unknown[] = []
    await using taking = await plainServer((request, response) => {
      seen.push(request.headers['content-length'], request.headers['transfer-encoding'])
      let bytes = 0
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength
      })
      request.on('end', () => response.end(String(bytes)))
    })
    await using refusing = await listening(
      createNetServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => {
          socket.end('HTTP/1.1 413 Too Large\r\ncontent-length: 8\r\nconnection: close\r\n\r\ntoo much')
        })
      }),
    )
    const size = 64 * 1024 * 1024
    const put = (port: number) => run('put', { url: `http://127.0.0.1:${port}/`, mebibytes: 64 })
    expect(await put(taking.port)).toMatchObject({ status: 200, body: String(size) })
    expect(seen).toEqual([String(size), undefined])
    expect(await put(refusing.port)).toMatchObject({ status: 413, body: 'too much' })
  })

  test('no redirect is followed, and what is stored compressed stays so', async () => {
    const packed = gzipSync('data')
    const paths: unknown[] = []
    await using server = await plainServer((request, response) => {
      paths.push(request.url)
      if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' }).end()
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
    })
    const at = (path: string) => `http://127.0.0.1:${server.port}${path}`
    expect(await run('get', { url: at('/moved') })).toMatchObject({ status: 302 })
    expect(await run('get', { url: at('/a') })).toMatchObject({ body: 'data', undone: 'gzip' })
    expect(await run('get', { url: at('/b'), keepEncoding: 'gzip' })).toMatchObject({ body: packed.toString('latin1') })
    expect(paths).toEqual(['/moved', '/a', '/b'])
  })
})
