import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from './testing/image-cloud.js'

// Limits on what one client can put into an image, so that other clients still get their lists and their turns.
let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud()
})
afterAll(() => cloud.close())

const patchType = { 'content-type': 'application/openstack-images-v2.1-json-patch' }
const patch = (id: string, json: unknown) => cloud.demo.call('PATCH', `/v2/images/${id}`, { json, headers: patchType })
const post = (json: unknown) => cloud.demo.call('POST', '/v2/images', { json })

interface Page {
  readonly images: readonly { readonly id: string }[]
  readonly next?: string
}
const pageAt = async (path: string) => (await cloud.admin.call('GET', path)).body as unknown as Page

describe('sizes', () => {
  test.each([
    ['the longest value', { p: 'v'.repeat(65_535) }, 201],
    ['one byte more', { p: 'v'.repeat(65_536) }, 400],
    ['fewer characters of more bytes', { p: 'ü'.repeat(32_768) }, 400],
    ['the longest name of a property', { ['k'.repeat(255)]: 'v' }, 201],
    ['one more', { ['k'.repeat(256)]: 'v' }, 400],
    ['a megabyte of it', { ['k'.repeat(1_000_000)]: 'v' }, 400],
    ['the longest name', { name: '☃'.repeat(255) }, 201],
    ['a longer name', { name: '☃'.repeat(256) }, 400],
    ['a name of megabytes', { name: '☃'.repeat(500_000) }, 400],
    ['the longest tag', { tags: ['t'.repeat(255)] }, 201],
    ['a longer tag', { tags: ['t'.repeat(256)] }, 400],
    ['128 properties', Object.fromEntries(Array.from({ length: 128 }, (_, at) => [`p${at}`, ''])), 201],
    ['129 properties', Object.fromEntries(Array.from({ length: 129 }, (_, at) => [`p${at}`, ''])), 413],
    ['20,000 properties', Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`p${at}`, ''])), 413],
    ['129 tags', { tags: Array.from({ length: 129 }, (_, at) => `t${at}`) }, 413],
    ['60,000 times one tag', { tags: Array.from({ length: 60_000 }, () => 't') }, 413],
  ])('%s', async (_, json, status) => {
    expect((await post(json)).status).toBe(status)
  })

  test('PATCH has the same ones', async () => {
    const id = await cloud.demo.create()
    const replace = (path: string, value: unknown) => patch(id, [{ op: 'add', path, value }])
    expect((await replace('/p', 'v'.repeat(65_535))).status).toBe(200)
    expect((await replace('/p', 'v'.repeat(65_536))).status).toBe(400)
    expect((await replace('/name', '☃'.repeat(500_000))).status).toBe(400)
    expect(
      (
        await replace(
          '/tags',
          Array.from({ length: 60_000 }, () => 't'),
        )
      ).status,
    ).toBe(413)
    expect(
      (
        await patch(
          id,
          Array.from({ length: 10_001 }, () => ({ op: 'remove', path: '/p' })),
        )
      ).status,
    ).toBe(413)
    const many = Array.from({ length: 10_000 }, (_x, at) => ({ op: 'replace', path: '/name', value: `n${at}` }))
    expect((await patch(id, many)).status).toBe(200)
    expect((await cloud.demo.read(id))['name']).toBe('n9999')
  })

  test('an image does not grow by PATCH beyond what a create can bring', async () => {
    const id = await cloud.demo.create()
    const properties = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => ({ op: 'add', path: `/p${from + at}`, value: 'v'.repeat(65_535) }))
    for (const from of [0, 15]) expect((await patch(id, properties(from, 15))).status).toBe(200)
    expect((await patch(id, properties(30, 5))).status).toBe(413)
    expect(await cloud.demo.read(id)).not.toHaveProperty('p30')
    const whole = (count: number) =>
      Object.fromEntries(properties(0, count).map(({ path, value }) => [path.slice(1), value]))
    expect((await post(whole(31))).status).toBe(201)
    expect((await post(whole(33))).status).toBe(413)
  })

  test('the id of a member is as long as its column', async () => {
    const id = await cloud.demo.create({ visibility: 'shared' })
    const add = (member: string) => cloud.demo.call('POST', `/v2/images/${id}/members`, { json: { member } })
    expect((await add('m'.repeat(255))).status).toBe(200)
    expect((await add('m'.repeat(256))).status).toBe(400)
  })
})

test('a page is cut where its images get too large, and the list goes on', async () => {
  const properties = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`p${at}`, 'v'.repeat(65_000)]))
  const made: string[] = []
  for (let at = 0; at < 6; at += 1)
    made.push(await cloud.demo.create({ name: `large ${at}`, tags: ['large'], ...properties }))

  for (const sort of ['sort=created_at:desc', 'sort=name:asc', 'sort=size:desc,name:asc', 'sort=disk_format:asc']) {
    const seen: string[] = []
    let pages = 0
    for (let path: string | undefined = `/v2/images?tag=large&limit=1000&${sort}`; path !== undefined;) {
      const page: Page = await pageAt(path)
      expect(page.images.length).toBeLessThan(4)
      seen.push(...page.images.map(({ id }) => id))
      pages += 1
      path = page.next
    }
    expect([sort, [...seen].toSorted()]).toEqual([sort, [...made].toSorted()])
    expect(new Set(seen).size).toBe(made.length)
    expect(pages).toBeGreaterThan(1)
  }
  // An ordinary page is complete.
  expect((await pageAt('/v2/images?tag=large&limit=1')).images).toHaveLength(1)
})

describe('conditions of a list', () => {
  const filters = (count: number, of: (at: number) => string) =>
    `/v2/images?${Array.from({ length: count }, (_, at) => of(at)).join('&')}`
  const statusOf = async (path: string) => (await cloud.demo.call('GET', path)).status

  test('more of them than the database takes are 414', async () => {
    expect(await statusOf(filters(890, (at) => at.toString(36)))).toBe(200)
    expect(await statusOf(filters(1001, (at) => at.toString(36)))).toBe(414)
    expect(await statusOf(filters(890, (at) => `tag=${at.toString(36)}`))).toBe(200)
    expect(await statusOf(filters(1001, (at) => `tag=${at.toString(36)}`))).toBe(414)
  })

  test('repeating one adds nothing', async () => {
    const id = await cloud.demo.create({ tags: ['x'], name: 'repeated' })
    const found = async (path: string) => ((await cloud.demo.call('GET', path)).body as unknown as Page).images
    expect((await found(filters(1100, () => 'tag=x'))).map((image) => image.id)).toEqual([id])
    const sorted = `${filters(500, () => 'sort_key=name')}&marker=${id}`
    expect(await statusOf(sorted)).toBe(200)
    expect(await statusOf(`/v2/images?sort=${Array.from({ length: 1500 }, () => 'id').join(',')}&marker=${id}`)).toBe(
      200,
    )
  })

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
    'a name that objects inherit is no name of ours: %s',
    async (name) => {
      expect(await statusOf(`/v2/images?created_at=${name}:2026-01-01`)).toBe(400)
      expect(await statusOf(`/v2/images?name=${name}:x`)).toBe(400)
      expect(await statusOf(`/v2/images?sort=${name}`)).toBe(400)
      expect(await statusOf(`/v2/images?sort=name:${name}`)).toBe(400)
      expect(await statusOf(`/v2/images?visibility=${name}`)).toBe(400)
      expect(await statusOf(`/v2/images?member_status=${name}`)).toBe(400)
      expect(await statusOf(`/v2/images?${name}=x`)).toBe(200)
      expect(await statusOf(`/v2/images?${name}_min=1`)).toBe(400)
      expect(await statusOf(`/v2/schemas/${name}`)).toBe(404)
      const id = await cloud.demo.create({ [name]: 'x' })
      expect(await statusOf(`/v2/images/${id}/actions/${name}`)).toBe(404)
      expect((await patch(id, [{ op: name, path: '/a', value: 'b' }])).status).toBe(400)
      expect((await post({ disk_format: name })).status).toBe(400)
    },
  )
})

test('a range with very many blanks is read in one go', async () => {
  const id = await cloud.demo.create({ disk_format: 'raw', container_format: 'bare' })
  await cloud.demo.upload(id, 'data')
  const read = (range: string) => cloud.demo.call('GET', `/v2/images/${id}/file`, { headers: { range } })
  const blanks = ' '.repeat(7500)
  expect((await read(`bytes${blanks}=x`)).status).toBe(416)
  expect((await read(`bytes=${blanks}x`)).status).toBe(416)
  expect((await read(`bytes=1${blanks}-${' '.repeat(500)}2`)).text).toBe('at')
})
