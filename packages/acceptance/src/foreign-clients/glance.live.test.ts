import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixture, fixturePath } from '@tyrax/testkit'
import { type Clients, clientsOf } from './clients.js'
import { sha512 } from './hash.js'
import { type Subject, subjects } from './subject.js'

/** Other tests use the same project meanwhile, and the image that the next page begins after may be deleted. */
const inOnePage = ['image-list', '--page-size', '1000'] as const

describe.each(subjects)('glance works on $name', ({ start }) => {
  let subject: Subject
  let demo: Clients
  let alt: Clients

  beforeAll(async () => {
    subject = await start()
    demo = clientsOf(subject, subject.demo)
    alt = clientsOf(subject, subject.alt)
  })
  afterAll(() => subject.close())

  // The table of image-show is the only one with an option against cutting values at 80 characters.
  const show = async (id: string) => fields(await demo.glance('image-show', '--max-column-width', '200', id))

  test('an image is created, listed, changed, shared, accepted, downloaded and deleted', async () => {
    const file = fixturePath('qcow2-v2-compressed')
    const { bytes, sha512: hash } = fixture('qcow2-v2-compressed')
    const create = [
      'image-create',
      '--name',
      'gl-disk',
      '--file',
      file,
      '--disk-format',
      'qcow2',
      '--container-format',
      'bare',
    ]
    const traits = ['--property', 'os_distro=debian', '--tags', 'by-glance', '--visibility', 'shared']
    const made = fields(await demo.glance(...create, ...traits))
    expect(made).toMatchObject({ name: 'gl-disk', status: 'active', size: String(bytes), os_distro: 'debian' })
    const id = made['id'] ?? ''

    expect(await show(id)).toMatchObject({ os_hash_value: hash, visibility: 'shared' })

    const { project_id: other } = await alt.openstackJson<{ project_id: string }>('token', 'issue')
    expect(await demo.glance(...inOnePage)).toContain(id)
    expect(await demo.glance('image-list', '--tag', 'by-glance', '--property-filter', 'os_distro=debian')).toContain(id)
    expect(await demo.glance('image-list', '--tag', 'none')).not.toContain(id)
    const sorted = ['--sort-key', 'name', '--sort-dir', 'asc', '--tag', 'by-glance']
    expect(await demo.glance('image-list', ...sorted, '--limit', '5', '--page-size', '1')).toContain(id)
    expect(await alt.glance(...inOnePage)).not.toContain(id)

    const updated = await demo.glance(
      'image-update',
      id,
      '--name',
      'gl-named',
      '--property',
      'os_version=13',
      '--remove-property',
      'os_distro',
    )
    expect(fields(updated)).toMatchObject({ name: 'gl-named', os_version: '13' })
    expect(fields(updated)).not.toHaveProperty('os_distro')
    await demo.glance('image-tag-update', id, 'second')
    await demo.glance('image-tag-delete', id, 'by-glance')
    expect((await show(id))['tags']).toBe('["second"]')

    expect(await demo.glance('member-create', id, other)).toContain('pending')
    expect(await alt.glance('member-update', id, other, 'accepted')).toContain('accepted')
    expect(await demo.glance('member-list', '--image-id', id)).toContain('accepted')
    expect(await alt.glance('image-list', '--visibility', 'shared', '--member-status', 'accepted')).toContain(id)

    const copy = path.join(subject.folder, 'glance.qcow2')
    await alt.glance('image-download', '--file', copy, id)
    expect(await sha512(copy)).toBe(hash)

    await demo.glance('member-delete', id, other)
    await demo.glance('image-delete', id)
    expect(await demo.glance(...inOnePage)).not.toContain(id)
    await expect(demo.glance('image-show', id)).rejects.toThrow('404')
  })

  test('data goes to a record that was made before it', async () => {
    const made = fields(
      await demo.glance('image-create', '--name', 'gl-later', '--disk-format', 'iso', '--container-format', 'bare'),
    )
    expect(made['status']).toBe('queued')
    const id = made['id'] ?? ''
    await demo.glance('image-upload', '--file', fixturePath('iso'), id)
    expect(await show(id)).toMatchObject({ status: 'active', os_hash_value: fixture('iso').sha512 })
    await demo.glance('image-delete', id)
  })

  test('the import methods and the stores are listed', async () => {
    expect(await demo.glance('import-info')).toContain('import-methods')
    expect(await demo.glance('stores-info')).toContain('default')
  })
})

/** The rows of the table that `glance` prints for one image. */
function fields(table: string): Record<string, string> {
  const rows = table.split('\n').flatMap((line) => {
    const [, name, value] = /^\|\s+(\S+)\s+\|\s+(.*?)\s+\|$/.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(rows)
}
