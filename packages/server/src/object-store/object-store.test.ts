import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud } from '../index.js'

type Cloud = Awaited<ReturnType<typeof startCloud>>

let cloud: Cloud
let token: string
let base: string

const config = {
  projects: ['demo', 'other'],
  users: [
    { name: 'demo', password: 'secret', project: 'demo', roles: ['member'] },
    { name: 'viewer', password: 'secret', project: 'demo', roles: ['reader'] },
    { name: 'other', password: 'secret', project: 'other', roles: ['member'] },
  ],
}

async function login(name: string, project: string) {
  const domain = { name: 'Default' }
  const answer = await fetch(`${cloud.authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name, domain, password: 'secret' } } },
        scope: { project: { name: project, domain } },
      },
    }),
  })
  const body = (await answer.json()) as { token: { project: { id: string } } }
  return { token: answer.headers.get('x-subject-token') ?? '', projectId: body.token.project.id }
}

beforeAll(async () => {
  cloud = await startCloud({ port: 0, config })
  const mine = await login('demo', 'demo')
  token = mine.token
  base = `${cloud.objectStoreUrl.replace(/\/AUTH_.*$/, '')}/AUTH_${mine.projectId}`
})
afterAll(() => cloud.close())

let count = 0
const swift = (
  method: string,
  path: string,
  init: { body?: string | Uint8Array; headers?: Record<string, string> } = {},
) =>
  fetch(base + path, {
    method,
    headers: { 'x-auth-token': token, ...init.headers },
    ...(init.body === undefined ? {} : { body: init.body as BodyInit }),
  })
async function container(): Promise<string> {
  const name = `/c${(count += 1)}`
  expect((await swift('PUT', name)).status).toBe(201)
  return name
}
const json = async <T>(answer: Response) => (await answer.json()) as T

describe('objects', () => {
  test('come back as they went in, with the MD5 as ETag', async () => {
    const c = await container()
    const body = new Uint8Array(300_000).map((_, index) => index % 251)
    const put = await swift('PUT', `${c}/a%20b/c%3Fd`, { body })
    const md5 = createHash('md5').update(body).digest('hex')
    expect([put.status, put.headers.get('etag')]).toEqual([201, md5])
    const got = await swift('GET', `${c}/a%20b/c%3Fd`)
    expect(got.headers.get('x-trans-id')).toMatch(/^tx[0-9a-f]{21}-[0-9a-f]{10}$/)
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(body)
  })

  test('are refused when the ETag sent is not theirs, and leave nothing', async () => {
    const c = await container()
    const put = await swift('PUT', `${c}/o`, { body: 'x', headers: { etag: '0'.repeat(32) } })
    expect(put.status).toBe(422)
    expect((await swift('GET', `${c}/o`)).status).toBe(404)
  })

  test('in segments need a path or data for each segment', async () => {
    const at = await container()
    const answer = await swift('PUT', `${at}/o?multipart-manifest=put`, { body: '[{"name": "/c/o"}]' })
    expect([answer.status, await answer.text()]).toEqual([
      400,
      "Index 0: expected keys to include one of 'data' or 'path'\n",
    ])
  })

  test('need a container', async () => {
    expect((await swift('PUT', '/nowhere/o', { body: 'x' })).status).toBe(404)
  })

  test.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['nonsense', 200, '0123456789', null],
  ])('give the range %s', async (range, status, text, contentRange) => {
    const c = await container()
    await swift('PUT', `${c}/o`, { body: '0123456789' })
    const got = await swift('GET', `${c}/o`, { headers: { range } })
    expect([got.status, await got.text(), got.headers.get('content-range')]).toEqual([status, text, contentRange])
  })

  test('answer 416 to a range past the end', async () => {
    const c = await container()
    await swift('PUT', `${c}/o`, { body: '0123456789' })
    const got = await swift('GET', `${c}/o`, { headers: { range: 'bytes=10-' } })
    expect([got.status, got.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  })

  test('keep metadata in any script; POST replaces it whole', async () => {
    const c = await container()
    const utf8 = Buffer.from('grün', 'utf8').toString('latin1')
    await swift('PUT', `${c}/o`, { body: 'x', headers: { 'x-object-meta-color': utf8, 'content-type': 'text/x-a' } })
    const first = await swift('HEAD', `${c}/o`)
    expect(Buffer.from(first.headers.get('x-object-meta-color') ?? '', 'latin1').toString('utf8')).toBe('grün')
    expect((await swift('POST', `${c}/o`, { headers: { 'x-object-meta-size': 'xl' } })).status).toBe(202)
    const second = await swift('HEAD', `${c}/o`)
    expect(second.headers.get('x-object-meta-color')).toBeNull()
    expect([second.headers.get('x-object-meta-size'), second.headers.get('content-type')]).toEqual(['xl', 'text/x-a'])
  })

  test('are copied with their metadata, in either direction', async () => {
    const c = await container()
    await swift('PUT', `${c}/o`, { body: 'hello', headers: { 'x-object-meta-a': '1' } })
    expect((await swift('COPY', `${c}/o`, { headers: { destination: `${c}/p` } })).status).toBe(201)
    expect((await swift('PUT', `${c}/q`, { headers: { 'x-copy-from': `${c}/o`, 'content-length': '0' } })).status).toBe(
      201,
    )
    for (const name of ['p', 'q']) {
      const got = await swift('GET', `${c}/${name}`)
      expect([await got.text(), got.headers.get('x-object-meta-a')]).toEqual(['hello', '1'])
    }
  })

  test('honour If-None-Match: * on PUT and conditional GETs', async () => {
    const c = await container()
    const put = await swift('PUT', `${c}/o`, { body: 'x', headers: { 'if-none-match': '*' } })
    expect(put.status).toBe(201)
    expect((await swift('PUT', `${c}/o`, { body: 'y', headers: { 'if-none-match': '*' } })).status).toBe(412)
    const etag = put.headers.get('etag') ?? ''
    expect((await swift('GET', `${c}/o`, { headers: { 'if-none-match': `"${etag}"` } })).status).toBe(304)
    expect((await swift('GET', `${c}/o`, { headers: { 'if-match': '"other"' } })).status).toBe(412)
  })
})

describe('containers', () => {
  test('count their objects and bytes, and go only when they are empty', async () => {
    const c = await container()
    await swift('PUT', `${c}/o`, { body: '12345' })
    await swift('PUT', `${c}/o`, { body: '123' })
    await swift('PUT', `${c}/p`, { body: '1' })
    const head = await swift('HEAD', c)
    expect([head.headers.get('x-container-object-count'), head.headers.get('x-container-bytes-used')]).toEqual([
      '2',
      '4',
    ])
    expect((await swift('DELETE', c)).status).toBe(409)
    await swift('DELETE', `${c}/o`)
    await swift('DELETE', `${c}/p`)
    expect((await swift('DELETE', c)).status).toBe(204)
  })

  test('list by marker, prefix, delimiter and in reverse', async () => {
    const c = await container()
    for (const name of ['a', 'b/1', 'b/2', 'c', 'd/x/y']) await swift('PUT', `${c}/${name}`, { body: '' })
    const list = async (query: string) => {
      const rows = await json<{ name?: string; subdir?: string }[]>(await swift('GET', `${c}?format=json&${query}`))
      return rows.map((row) => row.name ?? row.subdir)
    }
    expect(await list('')).toEqual(['a', 'b/1', 'b/2', 'c', 'd/x/y'])
    expect(await list('delimiter=/')).toEqual(['a', 'b/', 'c', 'd/'])
    expect(await list('delimiter=/&limit=2')).toEqual(['a', 'b/'])
    expect(await list('delimiter=/&marker=b/')).toEqual(['c', 'd/'])
    expect(await list('delimiter=/&reverse=true')).toEqual(['d/', 'c', 'b/', 'a'])
    expect(await list('prefix=b/')).toEqual(['b/1', 'b/2'])
    expect(await list('path=b')).toEqual(['b/1', 'b/2'])
    expect(await list('marker=a&end_marker=c')).toEqual(['b/1', 'b/2'])
    expect(await list('limit=1&reverse=on')).toEqual(['d/x/y'])
    expect((await swift('GET', `${c}?limit=10001`)).status).toBe(412)
  })

  test('are listed as text, 204 when there is nothing', async () => {
    const c = await container()
    expect((await swift('GET', c)).status).toBe(204)
    await swift('PUT', `${c}/o`, { body: '' })
    expect(await (await swift('GET', c)).text()).toBe('o\n')
  })
})

describe('access', () => {
  test('another project is refused, and nobody without a token gets in', async () => {
    const stranger = await login('other', 'other')
    expect((await swift('GET', '', { headers: { 'x-auth-token': stranger.token } })).status).toBe(403)
    expect((await fetch(base)).status).toBe(401)
  })

  test('a reader has no rights in the account of its project', async () => {
    const c = await container()
    const viewer = await login('viewer', 'demo')
    const headers = { 'x-auth-token': viewer.token }
    expect((await swift('GET', '', { headers })).status).toBe(403)
    expect((await swift('GET', c, { headers })).status).toBe(403)
    expect((await swift('PUT', `${c}/o`, { body: 'x', headers })).status).toBe(403)
  })
})
