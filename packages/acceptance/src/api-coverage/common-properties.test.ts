import { commonProperties } from '@tyrax/protocol'
import { connect } from '@tyrax/sdk'
import { startCloud } from '@tyrax/server'
import { expect, test } from 'vitest'

test('the common properties are those of the namespaces that come with Glance, with their values', async () => {
  await using server = await startCloud({ port: 0 })
  await using cloud = await connect({
    auth: { authUrl: server.authUrl, username: 'admin', password: 'secret', projectName: 'admin' },
  })
  const { namespaces } = cloud.images.metadefs
  const resourceType = 'OS::Glance::Image'
  const unlike: string[] = []
  for await (const { namespace } of namespaces.list({ resourceTypes: [resourceType] })) {
    const { properties, objects } = await namespaces.get(namespace, { resourceType })
    for (const [name, { enum: values }] of [properties, ...objects.map((object) => object.properties)].flatMap(
      (group) => Object.entries(group),
    )) {
      const rule: unknown = commonProperties[name as keyof typeof commonProperties]
      const isOther = name.startsWith('CIM_') || name.startsWith('traits:')
      if (!isOther && rule === undefined) unlike.push(name)
      if (Array.isArray(rule)) unlike.push(...(values ?? []).filter((value) => !rule.includes(value)))
    }
  }
  expect(unlike).toEqual([])
})
