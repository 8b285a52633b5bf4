import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixturePath } from '@tyrax/testkit'
import { type ServeProcess, startServe } from '../serve/serve-process.js'
import { login } from '../contracts/target.js'
import { prepareTempest, type Tempest } from './tempest.js'

// The real services pass these tests as well; they take a quarter of an hour for it, so they are not asked again.
describe('OpenStack’s own tests pass on the embedded cloud', { timeout: 900_000 }, () => {
  let folder: string
  let web: Server
  let cloud: ServeProcess
  let tempest: Tempest

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tyrax-tempest-'))
    const image = await readFile(fixturePath('qcow2'))
    web = createServer((_request, response) => {
      response.setHeader('content-length', image.length)
      response.end(image)
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => web.once('listening', resolve))
    const imageUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}/image.qcow2`

    const config = path.join(folder, 'cloud.json')
    await writeFile(config, JSON.stringify(cloudConfig))
    cloud = await startServe('--ephemeral', '--config', config)
    // What an operator of Swift creates for its tests.
    const admin = await login(cloud.authUrl, { username: 'admin', password: 'secret', projectName: 'admin' })
    await admin.identity('POST', '/roles', { json: { role: { name: 'ResellerAdmin' } } })
    tempest = await prepareTempest({
      authUrl: cloud.authUrl,
      adminPassword: 'secret',
      folder: path.join(folder, 'tempest'),
      settings: {
        image: { http_image: imageUrl, http_qcow2_image: imageUrl, image_caching_enabled: 'true' },
        'image-feature-enabled': {
          import_image: 'true',
          os_glance_reserved: 'true',
          manage_locations: 'true',
          http_store_enabled: 'true',
          do_secure_hash: 'true',
        },
        'object-storage-feature-enabled': {
          discoverable_apis: await objectStoreFeatures(cloud),
          object_versioning: 'false',
          container_sync: 'false',
        },
      },
    })
  })
  afterAll(async () => {
    await cloud.stop()
    web.close()
    await rm(folder, { recursive: true })
  })

  test('of the Image service', async () => {
    const { passed, failed } = await tempest.run('tempest.api.image')
    expect(failed).toEqual([])
    expect(passed.length).toBeGreaterThan(70)
  })

  test('of the Object Storage service', async () => {
    const { passed, failed } = await tempest.run('tempest.api.object_storage')
    expect(failed).toEqual([])
    expect(passed.length).toBeGreaterThan(90)
  })

  test('of the Identity service, without domains and extensions', async () => {
    const { passed, failed } = await tempest.run('tempest.api.identity', notOffered.join('|'))
    expect(failed).toEqual([])
    expect(passed.length).toBeGreaterThan(65)
  })
})

/** Extensions that this cloud does not have, and tests that create a domain: it has one. */
const notOffered = [
  'test_domain_configuration',
  'test_endpoint_groups',
  'test_oauth_consumers',
  'test_policies',
  'test_trusts',
  'test_inherits',
  'test_domains',
  'test_default_project_id',
  'test_groups',
  'test_list_users',
  'test_roles',
  'test_create_is_domain_project',
  'test_project_create_with_domain',
  'test_project_create_with_parent',
  'test_get_available_domain_scopes',
]

const ownAddresses = Object.values(networkInterfaces()).flatMap((all = []) =>
  all.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
)

const cloudConfig = {
  projects: ['admin'],
  users: [{ name: 'admin', password: 'secret', project: 'admin', roles: ['admin'] }],
  image: {
    stores: [{ id: 'cheap' }, { id: 'fast', default: true }, { id: 'web', type: 'http' }],
    importMethods: ['glance-direct', 'web-download', 'copy-image', 'glance-download'],
    // One of its tests serves data at this machine's own address, which may be of a special range.
    importFilter: { allowedHosts: ['127.0.0.1', ...ownAddresses], allowedPorts: [] },
    showMultipleLocations: true,
    cache: true,
  },
}

/** What `/info` of the Object Storage service names, as Tempest’s configuration wants it. */
async function objectStoreFeatures({ authUrl }: ServeProcess): Promise<string> {
  const response = await fetch(new URL('/object-store/info', authUrl))
  return Object.keys((await response.json()) as object).join(',')
}
