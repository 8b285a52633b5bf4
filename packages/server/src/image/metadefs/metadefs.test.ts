import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud({ metadefs: 'none' })
})
afterAll(() => cloud.close())

const namespaces = '/v2/metadefs/namespaces'
const property = { title: 'T', type: 'string' }

test('names that objects inherit are names like others', async () => {
  const names = ['__proto__', 'constructor', 'toString']
  const map = (value: unknown) => Object.fromEntries(names.map((name) => [name, value]))
  for (const namespace of names) {
    const json = { namespace, properties: map(property), objects: [{ name: '__proto__', properties: map(property) }] }
    expect((await cloud.admin.call('POST', namespaces, { json })).status).toBe(201)
    const { text, body } = await cloud.admin.call('GET', `${namespaces}/${namespace}`)
    for (const name of names) expect(text.split(`"${name}":{`).length).toBe(3)
    expect(body['namespace']).toBe(namespace)
    const one = await cloud.admin.call('GET', `${namespaces}/${namespace}/properties/__proto__`)
    expect(one.body).toEqual({ name: '__proto__', ...property })
  }
  for (const key of names) {
    expect((await cloud.admin.call('GET', `${namespaces}?sort_key=${key}`)).status).toBe(400)
    expect((await cloud.admin.call('GET', `${namespaces}/constructor/tags?sort_key=${key}`)).status).toBe(400)
  }
})

test.each([
  ['an association without a name', { resource_type_associations: [{ prefix: 'p' }] }],
  ['an association with an unknown field', { resource_type_associations: [{ name: 'a', x: 1 }] }],
  ['an object without a name', { objects: [{}] }],
  ['an object with an unknown field', { objects: [{ name: 'o', x: 1 }] }],
  ['a tag without a name', { tags: [{}] }],
  ['a tag with an unknown field', { tags: [{ name: 't', x: 1 }] }],
  ['a property with an unknown field', { properties: { p: { ...property, x: 1 } } }],
])('%s in a new namespace is 400, where Glance fails', async (_what, content) => {
  const json = { namespace: 'refused', ...content }
  const answer = await cloud.admin.call('POST', namespaces, { json })
  expect(answer.status).toBe(400)
  expect(answer.body['message']).toMatch(/^Provided object does not match schema 'namespace': /)
  expect((await cloud.admin.call('GET', `${namespaces}/refused`)).status).toBe(404)
})

test.each(['limit=x', 'limit=1.5', 'limit=', 'sort_key=unknown', 'sort_key='])(
  'the list with %s is 400, where Glance fails',
  async (query) => {
    expect((await cloud.admin.call('GET', `${namespaces}?${query}`)).status).toBe(400)
  },
)

test('a name that cannot be stored is 400 in a body, 404 in a path', async () => {
  expect((await cloud.admin.call('POST', namespaces, { json: { namespace: 'a\0b' } })).status).toBe(400)
  expect((await cloud.admin.call('GET', `${namespaces}/a%00b`)).status).toBe(404)
})

test('more types of resources in a filter than the database takes are 400', async () => {
  const types = (count: number) => Array.from({ length: count }, (_, at) => at.toString(36)).join(',')
  expect((await cloud.admin.call('GET', `${namespaces}?resource_types=${types(1000)}`)).status).toBe(200)
  expect((await cloud.admin.call('GET', `${namespaces}?resource_types=${types(1001)}`)).status).toBe(400)
})

test('a namespace is created with thousands of tags or with none of them', async () => {
  const tags = Array.from({ length: 5000 }, (_, at) => ({ name: `t${at}` }))
  const create = (namespace: string, given: readonly object[]) =>
    cloud.admin.call('POST', namespaces, { json: { namespace, tags: given } })
  expect((await create('large', tags)).status).toBe(201)
  expect((await create('twice', [...tags, { name: 't0' }])).status).toBe(409)
  expect((await cloud.admin.call('GET', `${namespaces}/twice`)).status).toBe(404)
  const { body } = await cloud.admin.call('GET', `${namespaces}/large/tags?limit=1&sort_key=name`)
  expect(body).toEqual({ tags: [{ name: 't999' }] })
})
