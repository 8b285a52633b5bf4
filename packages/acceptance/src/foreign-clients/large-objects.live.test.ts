import { createHash } from 'node:crypto'
import { appendFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import { type Clients, clientsOf } from './clients.js'
import { sha512 } from './hash.js'
import { type Subject, subjects } from './subject.js'

const size = 1_000_000
const segmentSize = 400_000
const md5 = (data: Uint8Array | string) => createHash('md5').update(data).digest('hex')
/** The ETag of a large object: the MD5 of its segments' MD5s. */
const largeEtag = (data: Buffer) =>
  md5([0, 1, 2].map((index) => md5(data.subarray(index * segmentSize, (index + 1) * segmentSize))).join(''))

describe.each(subjects)('large objects on $name', ({ start }) => {
  let subject: Subject
  let demo: Clients
  let file: string

  beforeAll(async () => {
    subject = await start()
    demo = clientsOf(subject, subject.demo)
    file = path.join(subject.folder, 'disk.raw')
  })
  afterAll(() => subject.close())

  /** Changes the content of the file. */
  const change = async () => {
    const data = randomDisk(size)
    await writeFile(file, data)
    return { data, sha512: createHash('sha512').update(data).digest('hex') }
  }
  const namesIn = async (container: string) => (await demo.swift('list', container)).split('\n').filter(Boolean)
  const download = async (box: string, object: string, ...options: string[]) => {
    const copy = path.join(subject.folder, `${box}.copy`)
    return { copy, printed: await demo.swift('download', box, object, '--output', copy, ...options) }
  }

  test.each([
    ['static', '--use-slo', /X-Static-Large-Object: True/],
    ['dynamic', '--use-dlo', /Manifest: sw-dynamic_segments\/folder\/disk\.raw\/\d+\.\d{6}\/1000000\/400000\/\n/],
  ])('swift keeps a file as a %s large object', async (kind, how, mark) => {
    const box = `sw-${kind}`
    const name = 'folder/disk.raw'
    const segments = () => namesIn(`${box}_segments`)
    const upload = (...options: string[]) =>
      demo.swift('upload', box, file, '--object-name', name, '-S', String(segmentSize), how, ...options)

    const first = await change()
    await upload()
    expect(await namesIn(box)).toEqual([name])
    const made = await segments()
    expect(made.map((each) => each.replace(/\d+\.\d{6}/, 'TIME'))).toEqual(
      [0, 1, 2].map((index) => `${name}/${kind === 'static' ? 'slo/' : ''}TIME/${size}/${segmentSize}/0000000${index}`),
    )
    const stat = await demo.swift('stat', box, name)
    expect(stat).toMatch(/Content Length: 1000000\n/)
    expect(stat).toContain(`ETag: "${largeEtag(first.data)}"`)
    expect(stat).toMatch(mark)
    // In its container's listing, a dynamic one is an empty object.
    expect(await demo.swift('list', box, '--long')).toMatch(kind === 'static' ? /^ *1000000 / : /^ *0 /)

    const { copy } = await download(box, name)
    expect(await sha512(copy)).toBe(first.sha512)
    expect((await download(box, name, '--skip-identical')).printed).toContain('Skipped identical file')
    await appendFile(copy, 'x')
    await download(box, name, '--skip-identical')
    expect(await sha512(copy)).toBe(first.sha512)

    for (const option of ['--changed', '--skip-identical']) {
      await upload(option)
      expect(await segments()).toEqual(made)
    }
    const second = await change()
    await upload('--changed')
    const replaced = await segments()
    expect(replaced).toHaveLength(3)
    expect(replaced.filter((each) => made.includes(each))).toEqual([])
    await download(box, name)
    expect(await sha512(copy)).toBe(second.sha512)

    const third = await change()
    await upload('--leave-segments')
    const left = await segments()
    expect(left).toHaveLength(6)
    expect(left).toEqual(expect.arrayContaining(replaced))

    await demo.swift('copy', '--destination', `/${box}/flat/disk.raw`, box, name)
    const flat = await demo.swift('stat', box, 'flat/disk.raw')
    expect(flat).toMatch(/Content Length: 1000000\n/)
    expect(flat).toContain(`ETag: ${md5(third.data)}\n`)
    expect(flat).not.toMatch(mark)
    await demo.swift('delete', box, 'flat/disk.raw')
    expect(await segments()).toEqual(left)

    await demo.swift('delete', box, name)
    expect(await namesIn(box)).toEqual([])
    // Segments that were left when the object was replaced belong to no object.
    expect(await segments()).toEqual(replaced)
    await demo.swift('delete', box)
    await demo.swift('delete', `${box}_segments`)
  })

  test('swift takes the kind of large object that the service says it can', async () => {
    const { sha512: hash } = await change()
    await demo.swift('upload', 'sw-any', file, '--object-name', 'disk.raw', '-S', String(segmentSize))
    expect(await demo.swift('stat', 'sw-any', 'disk.raw')).toContain('X-Static-Large-Object: True')
    expect(await sha512((await download('sw-any', 'disk.raw')).copy)).toBe(hash)
    await demo.swift('delete', 'sw-any', 'disk.raw', '--leave-segments')
    expect(await namesIn('sw-any_segments')).toHaveLength(3)
    await demo.swift('delete', 'sw-any_segments')
    await demo.swift('delete', 'sw-any')
  })

  test('openstack shows, saves and deletes what swift has made, and makes an image of it', async () => {
    const { data, sha512: hash } = await change()
    const copy = path.join(subject.folder, 'saved.raw')
    const ways = { 'static.raw': '--use-slo', 'dynamic.raw': '--use-dlo' }
    for (const [name, how] of Object.entries(ways)) {
      await demo.swift('upload', 'os-large', file, '--object-name', name, '-S', String(segmentSize), how)
      const shown = await demo.openstackJson<Record<string, unknown>>('object', 'show', 'os-large', name)
      expect(shown).toMatchObject({ 'content-length': String(size), etag: `"${largeEtag(data)}"` })
      await demo.openstack('object', 'save', 'os-large', name, '--file', copy)
      expect(await sha512(copy)).toBe(hash)
    }

    const create = ['image', 'create', 'os-large', '--file', copy, '--disk-format', 'raw']
    const image = await demo.openstackJson<{ id: string }>(...create, '--container-format', 'bare')
    expect(image).toMatchObject({ status: 'active', size, properties: { os_hash_value: hash } })
    await demo.openstack('image', 'delete', image.id)

    // This client does not know about segments.
    await demo.openstack('object', 'delete', 'os-large', ...Object.keys(ways))
    expect(await namesIn('os-large_segments')).toHaveLength(6)
    await demo.openstack('container', 'delete', '--recursive', 'os-large', 'os-large_segments')
    expect((await demo.swift('list')).split('\n')).not.toContain('os-large')
  })

  test('a script keeps files as large objects with openstacksdk', async () => {
    const script = fileURLToPath(new URL('large_objects.py', import.meta.url))
    await change()
    expect(await demo.python(script, subject.demo.cloud, file)).toBe('done\n')
  })
})
