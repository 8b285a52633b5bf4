import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture, fixturePath } from '@tyrax/testkit'
import { type Clients, clientsOf } from './clients.js'
import { sha512 } from './hash.js'
import { type Subject, subjects } from './subject.js'

interface Listed {
  readonly Name: string
}
interface Shown {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly min_ram: number
  readonly tags: readonly string[]
  readonly properties: Readonly<Record<string, string>>
  readonly visibility: string
  readonly size: number
  readonly project_id: string
}

describe.each(subjects)('openstack works on $name', ({ start }) => {
  let subject: Subject
  let demo: Clients
  let alt: Clients
  let admin: Clients

  beforeAll(async () => {
    subject = await start()
    demo = clientsOf(subject, subject.demo)
    alt = clientsOf(subject, subject.alt)
    admin = clientsOf(subject, subject.admin)
  })
  afterAll(() => subject.close())

  // Other tests have images on the real cloud too; these carry a tag.
  const namesOf = async (clients: Clients, ...filters: string[]) =>
    (await clients.openstackJson<Listed[]>('image', 'list', '--tag', 'by-openstack', ...filters)).map(
      ({ Name }) => Name,
    )

  test('token issue and catalog list say who one is and where the services are', async () => {
    const token = await demo.openstackJson<{ id: string; project_id: string }>('token', 'issue')
    expect(token.id.length).toBeGreaterThan(0)
    const catalog = await demo.openstackJson<{ Type: string }[]>('catalog', 'list')
    expect(catalog.map(({ Type }) => Type)).toEqual(expect.arrayContaining(['identity', 'image', 'object-store']))
    await demo.openstack('token', 'revoke', token.id)
  })

  test('an admin lists projects, users and roles', async () => {
    const names = async (what: string) => (await admin.openstackJson<Listed[]>(what, 'list')).map(({ Name }) => Name)
    expect(await names('project')).toEqual(expect.arrayContaining(['admin', 'demo', 'alt']))
    expect(await names('user')).toEqual(expect.arrayContaining(['admin', 'demo', 'alt']))
    expect(await names('role')).toEqual(expect.arrayContaining(['admin', 'member', 'reader']))
  })

  test('an image is created, listed, changed, shared, accepted, saved and deleted', async () => {
    const create = ['image', 'create', 'os-disk', '--file', fixturePath('qcow2'), '--disk-format', 'qcow2']
    const traits = [
      '--property',
      'os_distro=debian',
      '--property',
      'os_version=13',
      '--tag',
      'by-openstack',
      '--tag',
      'lts',
      '--min-ram',
      '64',
    ]
    const made = await demo.openstackJson<Shown>(...create, '--container-format', 'bare', '--shared', ...traits)
    expect(made).toMatchObject({ name: 'os-disk', status: 'active', min_ram: 64, visibility: 'shared' })
    await demo.openstack('image', 'create', 'os-empty', '--tag', 'by-openstack', '--private', '--min-disk', '1')

    expect(await namesOf(demo, '--name', 'os-disk')).toEqual(['os-disk'])
    expect(await namesOf(demo, '--tag', 'lts')).toEqual(['os-disk'])
    expect(await namesOf(demo, '--tag', 'lts', '--tag', 'none')).toEqual([])
    expect(await namesOf(demo, '--property', 'os_distro=debian')).toEqual(['os-disk'])
    expect(await namesOf(demo, '--property', 'os_distro=arch')).toEqual([])
    expect(await namesOf(demo, '--status', 'queued')).toEqual(['os-empty'])
    expect(await namesOf(demo, '--private')).toEqual(['os-empty'])
    expect(await namesOf(demo, '--shared')).toEqual(['os-disk'])
    expect(await namesOf(demo, '--public')).toEqual([])
    expect(await namesOf(demo, '--sort', 'name:desc')).toEqual(['os-empty', 'os-disk'])
    expect(await namesOf(demo, '--sort', 'name:asc')).toEqual(['os-disk', 'os-empty'])
    // The client sorts what it received; pages come from the server, newest first.
    expect(await namesOf(demo, '--limit', '1')).toEqual(['os-empty'])
    expect(await namesOf(demo, '--marker', 'os-empty')).toEqual(['os-disk'])
    const [long] = await demo.openstackJson<Record<string, unknown>[]>('image', 'list', '--long', '--name', 'os-disk')
    expect(long).toMatchObject({
      'Disk Format': 'qcow2',
      Size: fixture('qcow2').bytes,
      Visibility: 'shared',
      Tags: expect.arrayContaining(['lts']),
    })

    await demo.openstack('image', 'set', 'os-disk', '--name', 'os-named', '--property', 'os_version=14', '--tag', 'new')
    await demo.openstack('image', 'set', 'os-named', '--min-ram', '128', '--protected')
    await demo.openstack('image', 'unset', 'os-named', '--property', 'os_distro', '--tag', 'lts')
    const changed = await demo.openstackJson<Shown>('image', 'show', 'os-named')
    expect(changed).toMatchObject({
      id: made.id,
      min_ram: 128,
      tags: expect.arrayContaining(['by-openstack', 'new']),
      size: fixture('qcow2').bytes,
    })
    expect(changed.properties).toMatchObject({ os_version: '14', os_hash_value: fixture('qcow2').sha512 })
    expect(changed.tags).not.toContain('lts')
    expect(changed.properties).not.toHaveProperty('os_distro')
    await expect(demo.openstack('image', 'delete', 'os-named')).rejects.toThrow('protected')
    await demo.openstack('image', 'set', 'os-named', '--unprotected')

    const { project_id: other } = await alt.openstackJson<{ project_id: string }>('token', 'issue')
    await demo.openstack('image', 'add', 'project', made.id, other)
    expect(await namesOf(alt, '--shared')).toEqual([])
    expect(await namesOf(alt, '--shared', '--member-status', 'pending')).toEqual(['os-named'])
    await alt.openstack('image', 'set', '--accept', made.id)
    expect(await namesOf(alt, '--shared')).toEqual(['os-named'])
    const members = await demo.openstackJson<Record<string, string>[]>('image', 'member', 'list', made.id)
    expect(members).toMatchObject([{ 'Image ID': made.id, 'Member ID': other, Status: 'accepted' }])

    const copy = path.join(subject.folder, 'saved.qcow2')
    await alt.openstack('image', 'save', '--file', copy, 'os-named')
    expect(await sha512(copy)).toBe(fixture('qcow2').sha512)

    await demo.openstack('image', 'remove', 'project', made.id, other)
    await expect(alt.openstack('image', 'show', made.id)).rejects.toThrow(/No Image found|404/i)
    await demo.openstack('image', 'delete', 'os-named', 'os-empty')
    expect(await namesOf(demo)).toEqual([])
  })

  test('an admin deactivates an image, its owner cannot save it, and it comes back', async () => {
    await demo.openstack('image', 'create', 'os-off', '--file', fixturePath('iso'), '--disk-format', 'iso')
    const { id } = await demo.openstackJson<Shown>('image', 'show', 'os-off')
    await admin.openstack('image', 'set', '--deactivate', id)
    await expect(demo.openstack('image', 'save', '--file', path.join(subject.folder, 'off.iso'), id)).rejects.toThrow(
      'ended with code',
    )
    await admin.openstack('image', 'set', '--activate', id)
    await demo.openstack('image', 'save', '--file', path.join(subject.folder, 'on.iso'), id)
    expect(await sha512(path.join(subject.folder, 'on.iso'))).toBe(fixture('iso').sha512)
    await demo.openstack('image', 'delete', id)
  })

  test('objects are created, listed, described, saved and deleted', async () => {
    await demo.openstack('container', 'create', 'os-box')
    await demo.openstack('object', 'create', 'os-box', fixturePath('iso'), '--name', 'folder/tiny.iso')
    expect((await demo.openstackJson<Listed[]>('container', 'list')).map(({ Name }) => Name)).toContain('os-box')
    expect(await demo.openstackJson<Listed[]>('object', 'list', 'os-box')).toMatchObject([{ Name: 'folder/tiny.iso' }])
    expect(await demo.openstackJson('object', 'show', 'os-box', 'folder/tiny.iso')).toMatchObject({
      container: 'os-box',
      object: 'folder/tiny.iso',
      'content-length': String(fixture('iso').bytes),
    })
    await demo.openstack('object', 'set', '--property', 'colour=blue', 'os-box', 'folder/tiny.iso')
    expect(await demo.openstack('object', 'show', 'os-box', 'folder/tiny.iso')).toMatch(/colour.*blue/i)
    const copy = path.join(subject.folder, 'object.iso')
    await demo.openstack('object', 'save', 'os-box', 'folder/tiny.iso', '--file', copy)
    expect(await sha512(copy)).toBe(fixture('iso').sha512)
    await demo.openstack('object', 'delete', 'os-box', 'folder/tiny.iso')
    await demo.openstack('container', 'delete', 'os-box')
    expect((await demo.openstackJson<Listed[]>('container', 'list')).map(({ Name }) => Name)).not.toContain('os-box')
  })
})
