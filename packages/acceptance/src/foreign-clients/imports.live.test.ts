import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Clients, clientsOf } from './clients.js'
import { type Subject, subjects } from './subject.js'

const bytes = 'the bytes of an image'

describe.each(subjects)('openstack and glance import images on $name', ({ start }) => {
  let subject: Subject
  let demo: Clients
  let admin: Clients
  let file: string
  const web = createServer((_request, response) => response.end(bytes))

  beforeAll(async () => {
    subject = await start()
    demo = clientsOf(subject, subject.demo)
    admin = clientsOf(subject, subject.admin)
    file = path.join(subject.folder, 'disk.raw')
    await writeFile(file, bytes)
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    web.close()
    await subject.close()
  })

  const uri = () => `http://127.0.0.1:${(web.address() as AddressInfo).port}/disk.raw`
  const create = async (name: string) => {
    const formats = ['--disk-format', 'raw', '--container-format', 'bare']
    return (await demo.openstackJson<{ id: string }>('image', 'create', ...formats, name)).id
  }
  const show = (id: string) =>
    demo.openstackJson<{ status: string; size: number; properties: Record<string, string> }>('image', 'show', id)
  const active = (id: string) => expect.poll(async () => (await show(id)).status).toBe('active')
  const storesOf = async (id: string) => (await show(id)).properties['stores']

  test('openstack stages a file and imports it, and the task is listed', async () => {
    const id = await create('imports-staged')
    await demo.openstack('image', 'stage', '--file', file, id)
    expect((await show(id)).status).toBe('uploading')
    await demo.openstack('image', 'import', id, '--method', 'glance-direct', '--store', 'fast')
    await active(id)
    expect(await show(id)).toMatchObject({ size: bytes.length })
    const tasks = await admin.openstackJson<{ ID: string; Status: string }[]>('image', 'task', 'list', '--limit', '5')
    expect(tasks.length).toBeGreaterThan(0)
    const task = tasks[0]?.ID ?? ''
    expect(await admin.openstackJson('image', 'task', 'show', task)).toMatchObject({ id: task })
    expect(await admin.glance('task-list')).toContain(task)
    expect(await admin.glance('task-show', task)).toContain('success')
    await demo.openstack('image', 'delete', id)
  })

  test('openstack downloads a URL into two stores, and copies to another one', async () => {
    expect(await demo.openstack('image', 'import', 'info')).toContain('web-download')
    const id = await create('imports-web')
    const stores = ['--store', 'fast', 'cheap']
    await demo.openstack('image', 'import', id, '--method', 'web-download', '--uri', uri(), ...stores)
    await active(id)
    await expect.poll(() => storesOf(id)).toBe('fast,cheap')
    await admin.glance('stores-delete', '--store', 'fast', id)
    expect(await storesOf(id)).toBe('cheap')
    await admin.openstack('image', 'import', id, '--method', 'copy-image', '--store', 'fast')
    await expect.poll(() => storesOf(id)).toBe('cheap,fast')
    await demo.openstack('image', 'delete', id)
  })

  test('glance stages and imports, and lists stores and imports', async () => {
    expect(await demo.glance('import-info')).toContain('web-download')
    expect(await demo.glance('stores-info')).toContain('cheap')
    expect(await admin.glance('stores-info', '--detail')).toContain('file')
    const id = await create('imports-glance')
    await demo.glance('image-stage', '--file', file, id)
    await demo.glance('image-import', '--import-method', 'glance-direct', '--stores', 'cheap,fast', id)
    await active(id)
    expect(await storesOf(id)).toBe('cheap,fast')
    expect(await demo.glance('image-tasks', id)).toContain('success')
    await demo.openstack('image', 'delete', id)
  })
})
