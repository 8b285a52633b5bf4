import { expect, test } from 'vitest'
import type { CloudOptions } from '../config/connect-options.js'
import { connected } from '../testing/connected.js'
import { scriptedCloud } from '../testing/scripted-cloud.js'
import { imageService, objectStoreService, serviceRoot } from './service-root.js'

async function endpoints(options: CloudOptions) {
  await using server = await scriptedCloud()
  await using cloud = await connected({ auth: server.auth, ...options })
  const path = async (client: typeof cloud.image) => (await client.endpoint()).replace(server.url, '')
  return { image: await path(cloud.image).catch(String), objectStore: await path(cloud.objectStore).catch(String) }
}

test('the first public endpoint of the catalogue is used, or that of the region and interface', async () => {
  expect(await endpoints({})).toEqual({ image: '/image/v2', objectStore: '/object-store/v1/AUTH_project-id' })
  expect((await endpoints({ region: 'RegionTwo' })).image).toBe('/image-two/v2')
  expect((await endpoints({ interface: 'internalURL' })).image).toBe('/internal-image/v2')
})

test('a gap in the catalogue is named with what there is instead', async () => {
  const { image, objectStore } = await endpoints({ region: 'RegionTwo', interface: 'admin' })
  expect(image).toBe(
    'EndpointNotFoundError: no admin endpoint of the image service in region RegionTwo: the catalogue has public in RegionOne, internal in RegionOne, public in RegionTwo',
  )
  expect(objectStore).toMatch(/no admin endpoint of the object-store service in region RegionTwo/)
})

test('a service that is not in the catalogue, and a token without catalogue, are distinguished', async () => {
  await using other = await scriptedCloud({ token: () => ({ catalog: [{ type: 'compute', endpoints: [] }] }) })
  await using first = await connected({ auth: other.auth })
  await expect(first.image.endpoint()).rejects.toThrow('the catalogue has compute')
  await using none = await scriptedCloud({ token: () => ({ catalog: undefined }) })
  await using second = await connected({ auth: none.auth })
  await expect(second.image.endpoint()).rejects.toThrow('the token has no catalogue')
})

test('an override wins over the catalogue', async () => {
  const { image, objectStore } = await endpoints({
    imageEndpointOverride: 'https://images.example/glance/',
    objectStoreEndpointOverride: 'https://swift.example/v1/AUTH_%(project_id)s',
  })
  expect(image).toBe('https://images.example/glance/v2')
  expect(objectStore).toBe('https://swift.example/v1/AUTH_project-id')
})

test.each([
  ['http://h:9292', 'http://h:9292/v2'],
  ['http://h:9292/', 'http://h:9292/v2'],
  ['http://h:9292/v2', 'http://h:9292/v2'],
  ['http://h:9292/v2.17/', 'http://h:9292/v2'],
  ['http://h:9292/v1', 'http://h:9292/v2'],
  ['https://h/image', 'https://h/image/v2'],
  ['https://h/image/v2//', 'https://h/image/v2'],
])('the image endpoint %s has its root at %s', (endpoint, root) => {
  expect(serviceRoot(imageService, endpoint, undefined)).toBe(root)
})

test('an object-store endpoint is kept as it is, but for a slash at its end', () => {
  expect(serviceRoot(objectStoreService, 'http://h:8080/v1/AUTH_x/', undefined)).toBe('http://h:8080/v1/AUTH_x')
  expect(() => serviceRoot(objectStoreService, 'swift', undefined)).toThrow(/not an http or https URL/)
})
