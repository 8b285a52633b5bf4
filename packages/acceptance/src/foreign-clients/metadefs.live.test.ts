import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Clients, clientsOf } from './clients.js'
import { type Subject, subjects } from './subject.js'

describe.each(subjects)('metadata definitions on $name', ({ start }) => {
  let subject: Subject
  let admin: Clients
  let demo: Clients
  let name: string
  let created: string[] = []

  beforeAll(async () => {
    subject = await start()
    admin = clientsOf(subject, subject.admin)
    demo = clientsOf(subject, subject.demo)
  })
  afterEach(async () => {
    const due = created
    created = []
    for (const each of due) await admin.glance('md-namespace-delete', each).catch(() => undefined)
  })
  afterAll(() => subject.close())

  const newName = () => {
    name = `Foreign::${randomUUID()}`
    created.push(name)
    return name
  }

  test('glance keeps namespaces, resource types, properties, objects and tags', { timeout: 600_000 }, async () => {
    newName()
    const { glance } = admin
    expect(await glance('md-namespace-create', name, '--visibility', 'public')).toContain(name)
    const associate = ['md-resource-type-associate', name, '--name']
    expect(await glance(...associate, 'OS::Nova::Flavor', '--prefix', 'hw:')).toContain('hw:')
    // In one page: other tests delete namespaces meanwhile, and one of them may be what the next page begins after.
    expect(await demo.glance('md-namespace-list', '--page-size', '1000')).toContain(name)
    const ofTrove = ['--resource-types', 'OS::Trove::Instance', '--page-size', '1']
    expect(await demo.glance('md-namespace-list', ...ofTrove)).not.toContain(name)
    expect(await glance('md-namespace-update', name, '--description', 'by glance', '--visibility', 'public')).toContain(
      'by glance',
    )
    await expect(demo.glance('md-namespace-update', name, '--description', 'mine')).rejects.toThrow('403')

    const property = ['--title', 'Bus', '--type', 'string', '--schema', '{"enum": ["ide", "scsi"]}']
    expect(await glance('md-property-create', name, '--name', 'bus', ...property)).toContain('scsi')
    expect(await demo.glance('md-property-list', name)).toContain('Bus')
    await glance('md-property-update', name, 'bus', '--name', 'disk_bus', '--title', 'Disk bus')
    expect(await demo.glance('md-property-show', name, 'disk_bus')).toContain('Disk bus')
    expect(await demo.glance('md-namespace-show', name, '--resource-type', 'OS::Nova::Flavor')).toContain('hw:disk_bus')

    const schema = '{"required": ["a"], "properties": {"a": {"title": "Alpha", "type": "integer"}}}'
    expect(await glance('md-object-create', name, '--name', 'group', '--schema', schema)).toContain('group')
    expect(await demo.glance('md-object-list', name)).toContain('group')
    await glance('md-object-update', name, 'group', '--name', 'set')
    expect(await demo.glance('md-object-show', name, 'set')).toContain('["a"]')
    expect(await demo.glance('md-object-property-show', name, 'set', 'a')).toContain('integer')

    expect(await glance('md-tag-create', name, '--name', 'one')).toContain('one')
    await glance('md-tag-update', name, 'one', '--name', 'first')
    expect(await demo.glance('md-tag-list', name)).toContain('first')
    // Its option --append fails before it sends anything.
    await glance('md-tag-create-multiple', name, '--names', 'two,three,four', '--delim', ',')
    const tags = await demo.glance('md-tag-list', name)
    for (const tag of ['two', 'three', 'four']) expect(tags).toContain(tag)
    expect(tags).not.toContain('first')
    expect(await demo.glance('md-tag-show', name, 'two')).toContain('two')

    await glance(...associate, 'OS::Cinder::Volume', '--properties-target', 'image')
    expect(await demo.glance('md-namespace-resource-type-list', name)).toContain('OS::Cinder::Volume')
    await glance('md-resource-type-deassociate', name, 'OS::Cinder::Volume')
    expect(await demo.glance('md-namespace-resource-type-list', name)).not.toContain('OS::Cinder::Volume')
    expect(await demo.glance('md-resource-type-list')).toContain('OS::Trove::Instance')

    await glance('md-tag-delete', name, 'four')
    await glance('md-object-delete', name, 'set')
    await glance('md-property-delete', name, 'disk_bus')
    for (const kind of ['tags', 'objects', 'properties']) await glance(`md-namespace-${kind}-delete`, name)
    await expect(glance('md-object-show', name, 'set')).rejects.toThrow('404')
    await glance('md-namespace-delete', name)
    await expect(glance('md-namespace-show', name)).rejects.toThrow('404')
  })

  test('glance imports a whole namespace', { timeout: 120_000 }, async () => {
    newName()
    const file = path.join(subject.folder, 'namespace.json')
    const namespace = {
      namespace: name,
      visibility: 'public',
      resource_type_associations: [{ name: 'OS::Glance::Image' }],
      properties: { a: { title: 'Alpha', type: 'string' } },
      objects: [{ name: 'group', properties: { b: { title: 'Beta', type: 'boolean' } } }],
      tags: [{ name: 'one' }],
    }
    await writeFile(file, JSON.stringify(namespace))
    expect(await admin.glance('md-namespace-import', '--file', file)).toContain(name)
    expect(await demo.glance('md-object-property-show', name, 'group', 'b')).toContain('Beta')
    expect(await demo.glance('md-property-list', name)).toContain('Alpha')
  })

  test('openstack keeps namespaces, resource types, properties and objects', { timeout: 600_000 }, async () => {
    newName()
    const metadef = (clients: Clients, ...args: string[]) => clients.openstack('image', 'metadef', ...args)
    const names = async (...args: string[]) => {
      const rows = await demo.openstackJson<Record<string, unknown>[]>('image', 'metadef', ...args)
      return rows.flatMap((row) => Object.values(row))
    }
    const made = await admin.openstackJson<object>('image', 'metadef', 'namespace', 'create', name, '--public')
    expect(made).toMatchObject({ namespace: name, visibility: 'public' })
    await metadef(admin, 'namespace', 'set', name, '--display-name', 'Shown', '--public', '--tag', 'one')
    const shown = await demo.openstackJson<object>('image', 'metadef', 'namespace', 'show', name)
    expect(shown).toMatchObject({ namespace: name, display_name: 'Shown' })
    expect(await names('namespace', 'list')).toContain(name)
    await metadef(admin, 'namespace', 'unset', name, '--all-tags')

    const property = ['--name', 'bus', '--title', 'Bus', '--type', 'string', '--schema', '{"enum": ["ide"]}']
    await metadef(admin, 'property', 'create', name, ...property)
    await metadef(admin, 'property', 'set', name, 'bus', '--title', 'Disk bus')
    expect(await names('property', 'list', name)).toEqual(expect.arrayContaining(['bus', 'Disk bus']))
    expect(await demo.openstackJson<object>('image', 'metadef', 'property', 'show', name, 'bus')).toMatchObject({
      title: 'Disk bus',
      enum: ['ide'],
    })

    await metadef(admin, 'object', 'create', '--namespace', name, 'group')
    await metadef(admin, 'object', 'update', name, 'group', '--name', 'set')
    expect(await names('object', 'list', name)).toContain('set')
    await metadef(admin, 'object', 'delete', name, 'set')

    await metadef(admin, 'resource', 'type', 'association', 'create', name, 'OS::Nova::Flavor')
    expect(await names('resource', 'type', 'association', 'list', name)).toContain('OS::Nova::Flavor')
    await metadef(admin, 'resource', 'type', 'association', 'delete', name, 'OS::Nova::Flavor')
    expect(await names('resource', 'type', 'list')).toContain('OS::Trove::Instance')

    await metadef(admin, 'property', 'delete', name, 'bus')
    await expect(metadef(demo, 'namespace', 'delete', name)).rejects.toThrow('403')
    await metadef(admin, 'namespace', 'delete', name)
    expect(await names('namespace', 'list')).not.toContain(name)
  })

  test('a script with openstacksdk keeps all of them', { timeout: 120_000 }, async () => {
    const script = fileURLToPath(new URL('metadefs.py', import.meta.url))
    expect(await admin.python(script, subject.admin.cloud, subject.demo.cloud, newName())).toBe('done\n')
  })
})
