import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../start-cloud.js'
import { rawExchange } from '../testing/raw-exchange.js'
import { call, login } from '../testing/sign-in.js'

let cloud: EmbeddedCloud
let token: string
beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  token = (await login(cloud.authUrl, 'admin')).token
})
afterAll(() => cloud.close())

const statusOf = async (target: string, headers: string[] = []) =>
  (await rawExchange(cloud.url, 'GET', target, [`X-Auth-Token: ${token}`, ...headers])).status

describe.each(['/object-store/v1/AUTH_x', '/image/v2/images', '/identity/v3/projects'])('a head for %s', (target) => {
  test('with two hosts is 400', async () => {
    expect(await statusOf(target, ['Host: evil.example'])).toBe(400)
    expect(await statusOf(target, ['hOsT: 127.0.0.1'])).toBe(400)
  })

  test('with a request line that is too long is 414', async () => {
    expect(await statusOf(`${target}?${'name=a&'.repeat(1200)}`)).toBe(414)
    const rest = 8192 - `GET ${target}? HTTP/1.1\r\n`.length
    expect(await statusOf(`${target}?${'x'.repeat(rest)}`)).toBe(414)
    expect(await statusOf(`${target}?${'x'.repeat(rest - 1)}`)).toBeLessThan(414)
  })

  test('with too many headers is 431, with one too long 400', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `X-H${index}: 1`)
    expect(await statusOf(target, many(210))).toBe(431)
    expect(await statusOf(target, many(150))).toBeLessThan(405)
    expect(await statusOf(target, [`X-Long: ${'x'.repeat(8192)}`])).toBe(400)
  })
})

describe('NUL and half a surrogate pair', () => {
  const image = { name: 'plain', disk_format: 'raw', container_format: 'bare' }

  test('in an id are 404', async () => {
    const made = await call('POST', `${cloud.imageUrl}/v2/images`, { token, json: image })
    const { id } = made.body as { id: string }
    const projects = (await call('GET', `${cloud.authUrl}/projects`, { token })).body as { projects: { id: string }[] }
    for (const target of [
      `/image/v2/images/${id}%00`,
      `/image/v2/images/${id}%00x/file`,
      `/image/v2/images/${id}%00/members`,
      `/image/v2/images/${id}/members/x%00`,
      `/identity/v3/projects/${projects.projects[0]?.id}%00`,
      `/identity/v3/users/x%00`,
    ]) {
      expect([target, await statusOf(target)]).toEqual([target, 404])
    }
    expect(await statusOf(`/image/v2/images/${id}`)).toBe(200)
  })

  test.each(['plain\0', 'plain\ud800'])('in what is to be stored or looked for are 400 (%j)', async (text) => {
    const create = (json: object) => call('POST', `${cloud.imageUrl}/v2/images`, { token, json })
    expect((await create({ ...image, name: text })).status).toBe(400)
    expect((await create({ ...image, note: text })).status).toBe(400)
    expect((await create({ ...image, [text]: 'x' })).status).toBe(400)
    expect((await create({ ...image, tags: [text] })).status).toBe(400)
    expect(await statusOf('/image/v2/images?name=plain%00')).toBe(400)
    const list = await call('GET', `${cloud.imageUrl}/v2/images`, { token })
    const { images } = list.body as { images: { name: string }[] }
    expect(images.map(({ name }) => name)).toEqual(['plain'])
  })

  test.each(['admin\0', '\0admin', 'admin\0x'])('in a name make no login (%j)', async (name) => {
    const user = { name, domain: { id: 'default' }, password: 'secret' }
    const json = { auth: { identity: { methods: ['password'], password: { user } } } }
    expect((await call('POST', `${cloud.authUrl}/auth/tokens`, { json })).status).toBe(401)
    const scoped = (project: object) => ({
      auth: {
        identity: { methods: ['password'], password: { user: { ...user, name: 'admin' } } },
        scope: { project },
      },
    })
    const project = { name, domain: { id: 'default' } }
    expect((await call('POST', `${cloud.authUrl}/auth/tokens`, { json: scoped(project) })).status).toBe(401)
  })
})
