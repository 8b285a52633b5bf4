import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../cloud/cloud.js'
import { connect } from '../../node/index.js'
import type { ImageMetadefs } from './image-metadefs.js'

let server: Awaited<ReturnType<typeof startCloud>>
let admin: Cloud
let demo: Cloud
let metadefs: ImageMetadefs
const login = (name: string) =>
  connect({ auth: { authUrl: server.authUrl, username: name, password: 'secret', projectName: name } })
beforeAll(async () => {
  server = await startCloud({ port: 0 })
  admin = await login('admin')
  demo = await login('demo')
  metadefs = admin.images.metadefs
})
afterAll(async () => {
  await admin?.close()
  await demo?.close()
  await server?.close()
})

let count = 0
const freshName = () => `Test::Space 100% ${(count += 1)}`
const text = { title: 'A text', type: 'string' } as const

test('a namespace is created with everything in it, listed and read', async () => {
  const namespace = freshName()
  const made = await metadefs.namespaces.create({
    namespace,
    displayName: 'Shown',
    visibility: 'public',
    resourceTypes: [{ name: 'OS::Glance::Image', prefix: 'my_' }],
    properties: { colour: { ...text, enum: ['red', 'blue'] } },
    objects: [{ name: 'Pair', required: ['a'], properties: { a: text } }],
    tags: ['one', 'two'],
  })
  expect(made).toMatchObject({ namespace, displayName: 'Shown', visibility: 'public', protected: false })
  expect(made.createdAt).toBeInstanceOf(Date)
  const read = await demo.images.metadefs.namespaces.get(namespace)
  expect(read).toMatchObject({
    owner: admin.projectId,
    resourceTypes: [{ name: 'OS::Glance::Image', prefix: 'my_' }],
    properties: { colour: { enum: ['red', 'blue'] } },
    objects: [{ name: 'Pair', required: ['a'], properties: { a: text } }],
  })
  expect(read.tags.toSorted()).toEqual(['one', 'two'])
  const prefixed = await metadefs.namespaces.get(namespace, { resourceType: 'OS::Glance::Image' })
  expect(Object.keys(prefixed.properties)).toEqual(['my_colour'])
  const pages: string[] = []
  for await (const each of metadefs.namespaces.list({ limit: 10, visibility: 'public' })) pages.push(each.namespace)
  expect(pages.filter((each) => each === namespace)).toHaveLength(1)
  expect(new Set(pages).size).toBe(pages.length)
  expect(pages.length).toBeGreaterThan(20)
})

test('an update keeps what a plain PUT would reset', async () => {
  const namespace = freshName()
  const owner = demo.projectId ?? ''
  const given = { displayName: 'A', description: 'B', visibility: 'public', protected: true, owner } as const
  await metadefs.namespaces.create({ namespace, ...given, properties: { a: text } })
  expect(await metadefs.namespaces.update(namespace, { displayName: 'C' })).toMatchObject({
    ...given,
    displayName: 'C',
  })
  const renamed = `${namespace} again`
  await metadefs.namespaces.update(namespace, { namespace: renamed, description: null, protected: false })
  expect(await metadefs.namespaces.get(renamed)).toMatchObject({ description: null, protected: false, owner })
  expect(await metadefs.properties.list(renamed)).toEqual({ a: text })
  await metadefs.namespaces.delete(renamed)
  await expect(metadefs.namespaces.get(renamed)).rejects.toMatchObject({ name: 'NotFoundError' })
})

test('properties are created, changed in parts, renamed and removed', async () => {
  const namespace = freshName()
  await metadefs.namespaces.create({ namespace })
  const { properties } = metadefs
  const one = { ...text, enum: ['a', 'b'], description: 'first' }
  expect(await properties.create(namespace, 'one%2F', one)).toEqual(one)
  expect(await properties.update(namespace, 'one%2F', { description: null, enum: ['a'] })).toEqual({
    ...text,
    enum: ['a'],
  })
  await properties.update(namespace, 'one%2F', { name: 'two' })
  expect(await properties.list(namespace)).toEqual({ two: { ...text, enum: ['a'] } })
  expect(await properties.get(namespace, 'two')).toEqual({ ...text, enum: ['a'] })
  await expect(properties.create(namespace, 'two', text)).rejects.toMatchObject({ name: 'ConflictError' })
  await properties.delete(namespace, 'two')
  await properties.create(namespace, 'three', text)
  await properties.deleteAll(namespace)
  expect(await properties.list(namespace)).toEqual({})
})

test('objects are created, changed in parts, renamed and removed', async () => {
  const namespace = freshName()
  await metadefs.namespaces.create({ namespace })
  const { objects } = metadefs
  await objects.create(namespace, { name: 'A', description: 'first', properties: { a: text }, required: ['a'] })
  expect(await objects.update(namespace, 'A', { description: 'second', name: 'B' })).toMatchObject({ name: 'B' })
  expect(await objects.get(namespace, 'B')).toMatchObject({
    description: 'second',
    properties: { a: text },
    required: ['a'],
  })
  expect((await objects.list(namespace)).map(({ name }) => name)).toEqual(['B'])
  await objects.delete(namespace, 'B')
  await objects.deleteAll(namespace)
  expect(await objects.list(namespace)).toEqual([])
})

test('tags are added, replaced, renamed and removed', async () => {
  const namespace = freshName()
  await metadefs.namespaces.create({ namespace, tags: ['a'] })
  const { tags } = metadefs
  const names = async () => (await tags.list(namespace)).toSorted()
  await tags.add(namespace, ['b', 'c'])
  await tags.create(namespace, 'd')
  expect(await names()).toEqual(['a', 'b', 'c', 'd'])
  expect(await tags.rename(namespace, 'd', 'e')).toMatchObject({ name: 'e' })
  expect(await tags.get(namespace, 'e')).toMatchObject({ name: 'e' })
  await expect(tags.create(namespace, 'e')).rejects.toMatchObject({ name: 'ConflictError' })
  await tags.delete(namespace, 'e')
  await tags.set(namespace, ['x', 'y'])
  expect(await names()).toEqual(['x', 'y'])
  await tags.deleteAll(namespace)
  expect(await names()).toEqual([])
})

test('a namespace is meant for types of resources', async () => {
  const namespace = freshName()
  await metadefs.namespaces.create({ namespace })
  const { resourceTypes } = metadefs
  expect(await resourceTypes.list()).toContain('OS::Glance::Image')
  await resourceTypes.associate(namespace, { name: 'OS::Nova::Server', prefix: 'p_', propertiesTarget: 'image' })
  expect(await resourceTypes.associations(namespace)).toEqual([
    { name: 'OS::Nova::Server', prefix: 'p_', propertiesTarget: 'image' },
  ])
  const listed = await metadefs.namespaces.list({ resourceTypes: ['OS::Nova::Server'] }).toArray()
  expect(listed.map((each) => each.namespace)).toContain(namespace)
  await resourceTypes.dissociate(namespace, 'OS::Nova::Server')
  expect(await resourceTypes.associations(namespace)).toEqual([])
})

test.each(['a/b', 'ü', '', '.', '..', '☃'])('the name %j is refused before anything is sent', async (name) => {
  const refused = { name: 'UsageError' }
  await expect(metadefs.namespaces.create({ namespace: name })).rejects.toMatchObject(refused)
  await expect(metadefs.namespaces.get(name)).rejects.toMatchObject(refused)
  await expect(metadefs.properties.create('x', name, text)).rejects.toMatchObject(refused)
  await expect(metadefs.objects.create('x', { name })).rejects.toMatchObject(refused)
  await expect(metadefs.tags.add('x', [name])).rejects.toMatchObject(refused)
  await expect(metadefs.tags.delete('x', name)).rejects.toMatchObject(refused)
  await expect(metadefs.resourceTypes.dissociate('x', name)).rejects.toMatchObject(refused)
  await expect(metadefs.namespaces.update('x', { namespace: name })).rejects.toMatchObject(refused)
})

test('a namespace is exported, deleted and imported as it was', async () => {
  const namespace = freshName()
  await metadefs.namespaces.create({
    namespace,
    visibility: 'public',
    resourceTypes: [{ name: 'OS::Glance::Image', prefix: 'my_' }],
    properties: { 'a/b': text, b: text },
    objects: [{ name: 'O', properties: { b: text } }],
    tags: ['t'],
  })
  const file = await metadefs.exportNamespace(namespace)
  expect(JSON.stringify(file)).not.toMatch(/created_at|updated_at|"self"|"schema"|"owner"/)
  await expect(metadefs.importNamespace(file)).rejects.toMatchObject({ name: 'ConflictError' })
  await metadefs.namespaces.delete(namespace)
  await metadefs.importNamespace(JSON.parse(JSON.stringify(file)) as typeof file)
  expect(await metadefs.exportNamespace(namespace)).toEqual(file)
})

test('importing over an existing one changes what differs, protected or not, and keeps its owner', async () => {
  const namespace = freshName()
  const owner = demo.projectId ?? ''
  await metadefs.namespaces.create({
    namespace,
    owner,
    protected: true,
    visibility: 'public',
    resourceTypes: [{ name: 'OS::Glance::Image', prefix: 'my_' }],
    properties: { kept: text, changed: text, gone: text },
    objects: [{ name: 'Kept' }, { name: 'Gone' }],
    tags: ['t'],
  })
  const file = {
    namespace,
    description: 'new',
    resource_type_associations: [{ name: 'OS::Glance::Image', prefix: 'your_' }, { name: 'OS::Nova::Server' }],
    properties: { kept: text, changed: { ...text, title: 'Changed' }, added: text },
    objects: [{ name: 'Kept' }, { name: 'Added' }],
  }
  const imported = await metadefs.importNamespace(file, { replace: true })
  expect(imported).toMatchObject({ owner, protected: true, visibility: 'public', description: 'new', tags: [] })
  expect(imported.properties).toEqual(file.properties)
  expect(imported.objects.map(({ name }) => name).toSorted()).toEqual(['Added', 'Kept'])
  expect(imported.resourceTypes).toContainEqual({ name: 'OS::Glance::Image', prefix: 'your_' })
  expect(await metadefs.importNamespace(file, { replace: true })).toMatchObject({ protected: true })
  const unaddressable = { ...file, properties: { ...file.properties, 'x/y': text } }
  await expect(metadefs.importNamespace(unaddressable, { replace: true })).rejects.toMatchObject({ name: 'UsageError' })
  expect(Object.keys(await metadefs.properties.list(namespace))).toHaveLength(3)
})

test.each([
  [[], /is an object/],
  [{ namespace: 5 }, /needs a name/],
  [{ namespace: 'x', properties: [] }, /by name/],
  [{ namespace: 'x', objects: [{}] }, /objects .* with a name/],
  [{ namespace: 'x', tags: ['a'] }, /tags .* with a name/],
])('what is no namespace is not imported (%#)', async (file, message) => {
  await expect(metadefs.importNamespace(file as { namespace: string })).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringMatching(message) as string,
  })
})

test('a member reads but does not write', async () => {
  await expect(demo.images.metadefs.namespaces.create({ namespace: freshName() })).rejects.toMatchObject({
    name: 'ForbiddenError',
  })
})
