import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../start-cloud.js'
import { rawExchange } from '../testing/raw-exchange.js'
import { login } from '../testing/sign-in.js'

let cloud: EmbeddedCloud
let swift: (
  method: string,
  path: string,
  headers?: (string | Uint8Array)[],
  body?: string,
) => ReturnType<typeof rawExchange>

beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  const { token, projectId } = await login(cloud.authUrl, 'demo')
  swift = (method, path, headers = [], body = '') =>
    rawExchange(
      cloud.url,
      method,
      `/object-store/v1/AUTH_${projectId}${path}`,
      [`X-Auth-Token: ${token}`, ...headers],
      body,
    )
  await swift('PUT', '/c')
})
afterAll(() => cloud.close())

/** The low bytes of U+010D and U+010A are CR and LF. */
const split = 'attachment; filename="a"čĊSet-Cookie: pwned=1čĊčĊ☃'
const asSent = Buffer.from(split).toString('latin1')
const kept = [
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Type',
  'Cache-Control',
  'Expires',
  'X-Object-Meta-Note',
]
const valueOf = (lines: readonly string[], name: string) =>
  lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))

describe.each(kept)('%s comes back byte for byte', (name) => {
  test('from GET, HEAD, a range and a condition', async () => {
    expect((await swift('PUT', '/c/o', [`${name}: ${split}`], 'body')).status).toBe(201)
    const etag = valueOf((await swift('HEAD', '/c/o')).lines, 'Etag')[0] ?? ''
    const whole = await swift('GET', '/c/o')
    const responses = [
      whole,
      await swift('HEAD', '/c/o'),
      await swift('GET', '/c/o', ['Range: bytes=1-2']),
      await swift('GET', '/c/o', [`If-None-Match: ${etag}`]),
    ]
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 206, 304])
    expect(whole.body.toString()).toBe('body')
    for (const { lines } of responses) {
      const found = valueOf(lines, name).concat(valueOf(lines, name.toLowerCase()))
      expect([found, lines.filter((line) => line.startsWith('Set-Cookie'))]).toEqual([[asSent], []])
    }
  })

  test('from a copy, and from a large object and its manifest', async () => {
    await swift('PUT', '/c/o', [`${name}: ${split}`], 'body')
    expect((await swift('COPY', '/c/o', ['Destination: c/copy'])).lines.join('\n')).not.toContain('\nSet-Cookie')
    const manifest = JSON.stringify([{ path: '/c/o' }])
    expect((await swift('PUT', '/c/slo?multipart-manifest=put', [`${name}: ${split}`], manifest)).status).toBe(201)
    const raw = '/c/slo?multipart-manifest=get&format=raw'
    for (const path of ['/c/copy', '/c/slo', raw]) {
      const { status, lines } = await swift('GET', path)
      const found = valueOf(lines, name).concat(valueOf(lines, name.toLowerCase()))
      expect([path, status, found]).toEqual([path, 200, [asSent]])
      expect(lines.some((line) => line.startsWith('Set-Cookie'))).toBe(false)
    }
  })
})

describe('bytes that are not UTF-8', () => {
  const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x62])

  test.each(['X-Object-Meta-B', 'Content-Disposition'])('are kept in %s of an object', async (name) => {
    expect((await swift('PUT', '/c/b', [Buffer.concat([Buffer.from(`${name}: `), bytes])])).status).toBe(201)
    expect(valueOf((await swift('GET', '/c/b')).lines, name)).toEqual([bytes.toString('latin1')])
  })

  test('are refused in a content type, and in the metadata of a container or an account', async () => {
    const header = (name: string) => [Buffer.concat([Buffer.from(`${name}: `), bytes])]
    const put = await swift('PUT', '/c/b', header('Content-Type'))
    expect([put.status, put.body.toString()]).toEqual([400, 'Invalid Content-Type'])
    for (const [path, name] of [
      ['/c', 'X-Container-Meta-B'],
      ['', 'X-Account-Meta-B'],
    ] as const) {
      const post = await swift('POST', path, header(name))
      expect([post.status, post.body.toString()]).toEqual([400, 'Metadata must be valid UTF-8'])
    }
  })
})

describe('limits of metadata are those of a stock Swift', () => {
  const many = (count: number, length = 1, kind = 'Object') =>
    Array.from({ length: count }, (_, index) => `X-${kind}-Meta-K${index}: ${'v'.repeat(length)}`)

  test.each([
    [many(91), 'Too many metadata items; max 90'],
    [many(20, 256), 'Total metadata too large; max 4096'],
    [many(1, 257), 'Metadata value longer than 256: x-object-meta-K0'],
    [['X-Object-Meta-Snow: ' + '☃'.repeat(86)], 'Metadata value longer than 256: x-object-meta-Snow'],
    [[`X-Object-Meta-${'N'.repeat(129)}: v`], `Metadata name too long: x-object-meta-N${'n'.repeat(128)}`],
    [['X-Object-Meta-: v'], 'Metadata name cannot be empty'],
  ])('%#: 400', async (headers, message) => {
    const put = await swift('PUT', '/c/m', headers, 'x')
    expect([put.status, put.body.toString()]).toEqual([400, message])
    expect((await swift('GET', '/c/m')).status).toBe(404)
  })

  test('90 of 4096 bytes are taken', async () => {
    expect((await swift('PUT', '/c/m2', many(90), 'x')).status).toBe(201)
  })

  test('of a container they count together, whichever request brought them', async () => {
    await swift('PUT', '/limits')
    expect((await swift('POST', '/limits', many(60, 1, 'Container'))).status).toBe(204)
    const more = many(60, 1, 'Container').map((line) => line.replace('Meta-K', 'Meta-L'))
    const post = await swift('POST', '/limits', more)
    expect([post.status, post.body.toString()]).toEqual([400, 'Too many metadata items; max 90'])
  })
})
