import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

let cloud: ImageCloud
beforeAll(async () => {
  cloud = await startImageCloud()
})
afterAll(() => cloud.close())

const versions = async (path: string) => {
  const response = await fetch(cloud.url + path)
  const body = (await response.json()) as { versions: { id: string; status: string; links: { href: string }[] }[] }
  return { status: response.status, versions: body.versions }
}

test.each([
  ['', 300],
  ['/', 300],
  ['/versions', 200],
  ['/v1/images', 300],
  ['/v3/images', 300],
  ['/v2.99/images', 300],
  ['/images', 300],
])('%j tells the versions without a token', async (path, status) => {
  const told = await versions(path)
  expect(told.status).toBe(status)
  expect(told.versions.filter((version) => version.status === 'CURRENT').map((version) => version.id)).toEqual([
    'v2.17',
  ])
  expect(told.versions[0]?.links[0]?.href).toBe(`${cloud.url}/v2/`)
})

test('a version that is told of is a prefix like v2', async () => {
  const id = await cloud.demo.create()
  expect((await cloud.demo.call('GET', `/v2.7/images/${id}`)).body['id']).toBe(id)
  expect((await cloud.demo.call('HEAD', `/v2.7/images/${id}`)).status).toBe(405)
})

test('everything below a version needs a token', async () => {
  for (const path of ['/v2/images', '/v2/nothing', '/v2.7/images']) {
    expect((await fetch(cloud.url + path)).status).toBe(401)
  }
})
