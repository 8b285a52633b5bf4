import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCloud, type EmbeddedCloud } from '../../start-cloud.js'
import { call, login } from '../../testing/sign-in.js'

let cloud: EmbeddedCloud
let swift: (method: string, path: string, headers?: Record<string, string>, data?: string) => ReturnType<typeof call>

beforeAll(async () => {
  cloud = await startCloud({ port: 0 })
  const { token, projectId } = await login(cloud.authUrl, 'demo')
  swift = (method, path, headers, data) =>
    call(method, `${cloud.objectStoreUrl}/AUTH_${projectId}${path}`, { token, headers, data })
  await swift('PUT', '/c')
  await swift('PUT', '/c/o', {}, 'data')
})
afterAll(() => cloud.close())

describe('what this cloud does not do is refused by name, and changes nothing', () => {
  test.each([
    ['PUT', '/new', 'X-Versions-Enabled', 'true', 'versions of objects'],
    ['POST', '/c', 'X-Versions-Enabled', 'false', 'versions of objects'],
    ['POST', '/c', 'X-Versions-Location', 'other', 'versions of objects'],
    ['PUT', '/c', 'X-History-Location', 'other', 'versions of objects'],
    ['POST', '/c', 'X-Container-Sync-Key', 'key', 'synchronization of containers'],
    ['PUT', '/new', 'X-Container-Sync-To', '//realm/cluster/a/c', 'synchronization of containers'],
    ['POST', '/c', 'X-Container-Meta-Web-Index', 'index.html', 'static web pages'],
    ['PUT', '/new', 'X-Container-Meta-Web-Listings', 'true', 'static web pages'],
    ['GET', '/c', 'X-Web-Mode', 'true', 'static web pages'],
    ['PUT', '/c/new', 'X-Symlink-Target', 'c/o', 'symbolic links'],
    ['POST', '/c/o', 'X-Symlink-Target-Account', 'AUTH_x', 'symbolic links'],
  ])('%s %s with %s', async (method, path, header, value, feature) => {
    const answer = await swift(method, path, { [header]: value })
    expect([answer.status, answer.text]).toEqual([
      400,
      `${header} is not supported: this cloud has no ${feature}. /info names what it has.`,
    ])
    expect((await swift('HEAD', '/new')).status).toBe(404)
    expect((await swift('HEAD', '/c/new')).status).toBe(404)
    expect((await swift('HEAD', '/c')).headers.has(header)).toBe(false)
    expect((await swift('GET', '/c/o')).text).toBe('data')
  })

  test.each([
    ['GET', '/c?versions', '?versions'],
    ['GET', '/c/o?version-id=1', '?version-id'],
    ['DELETE', '/c/o?version-id=1', '?version-id'],
    ['PUT', '/c/o?version-id=1', '?version-id'],
  ])('%s %s', async (method, path, what) => {
    const answer = await swift(method, path)
    expect([answer.status, answer.text]).toEqual([
      400,
      `${what} is not supported: this cloud has no versions of objects. /info names what it has.`,
    ])
    expect((await swift('GET', '/c/o')).text).toBe('data')
  })

  test('the form of a web page, which has no token', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x', 'x-auth-token': '' }
    const answer = await swift('POST', '/c/uploads', headers, '--x--')
    expect([answer.status, answer.text]).toEqual([
      400,
      'FormPost is not supported: this cloud has no uploads by forms. /info names what it has.',
    ])
    expect((await swift('POST', '/c/o', { 'content-type': 'multipart/form-data' })).status).toBe(202)
  })

  test('taking such a thing off is no error, as it is not there', async () => {
    expect((await swift('POST', '/c', { 'X-Versions-Location': '', 'X-Remove-Versions-Location': 'x' })).status).toBe(
      204,
    )
    expect((await swift('GET', '/c/o?symlink=get')).text).toBe('data')
  })

  test('/info names none of it', async () => {
    const { body } = await call('GET', `${cloud.url}/info`)
    expect(Object.keys(body as object).toSorted()).toEqual([
      'account_quotas',
      'bulk_delete',
      'bulk_upload',
      'container_quotas',
      'crossdomain',
      'slo',
      'swift',
      'tempurl',
    ])
  })
})
