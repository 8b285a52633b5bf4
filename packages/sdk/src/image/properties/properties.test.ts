import { startCloud } from '@tyrax/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Cloud } from '../../cloud/cloud.js'
import { connect } from '../../node/index.js'

let server: Awaited<ReturnType<typeof startCloud>>
let cloud: Cloud
beforeAll(async () => {
  server = await startCloud({ port: 0 })
  cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'admin', password: 'secret', projectName: 'admin' },
  })
})
afterAll(async () => {
  await cloud?.close()
  await server?.close()
})

test.each<[string, string, object[]]>([
  ['hw_disk_bus', 'virtio', []],
  ['hw_disk_buss', 'virtio', [{ kind: 'name', suggestion: 'hw_disk_bus' }]],
  ['hw_disk_bus', 'virtoi', [{ kind: 'value', suggestion: 'virtio' }]],
  ['os_type', 'Linux', [{ kind: 'value', suggestion: 'linux' }]],
  ['hw_cpu_policy', 'mine', [{ kind: 'value' }]],
  ['sw_database_redis_listen_port', '70000', [{ message: expect.stringContaining('from 1 to 65535') as string }]],
  ['sw_database_redis_listen_port', 'x', [{ kind: 'value' }]],
  ['auto_disk_config', 'Yes', []],
  ['auto_disk_config', 'maybe', [{ message: expect.stringContaining('true or false') as string }]],
  ['our_own', 'anything', []],
  ['os_distro', 'debian', []],
])('%s=%s is the same against the cloud and what comes with Glance', async (name, value, findings) => {
  for (const against of ['cloud', 'common'] as const) {
    const found = await cloud.images.properties.check({ [name]: value }, { against })
    expect(found).toMatchObject(findings)
    expect(found).toHaveLength(findings.length)
  }
})

test('what a cloud defines itself counts, with the prefix for images', async () => {
  await cloud.images.metadefs.namespaces.create({
    namespace: 'Acme',
    resourceTypes: [{ name: 'OS::Glance::Image', prefix: 'acme_' }],
    properties: { tier: { title: 'Tier', type: 'string', enum: ['gold', 'silver'] } },
  })
  const check = (name: string, value: string) => cloud.images.properties.check({ [name]: value })
  expect(await check('acme_tier', 'golt')).toMatchObject([{ suggestion: 'gold' }])
  expect(await check('acme_tire', 'gold')).toMatchObject([{ suggestion: 'acme_tier' }])
  expect(await check('acme_tier', 'silver')).toEqual([])
})
