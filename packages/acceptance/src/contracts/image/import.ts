import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { contractSuite, expectStatus, patch, putData } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { formats, importScratch, messageOf, webServer } from './import-scratch.js'

const bytes = 'bytes of the web'
const direct = { method: { name: 'glance-direct' } }
const stores = ['fast', 'cheap']

/** /v2/images/{id}/import: glance-direct, web-download and copy-image, into one or several stores. */
export function importContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('imports', makeTarget, (scratch) => {
    const { stage, start, read, tasks, ended } = importScratch(scratch)
    const url = webServer({
      '/image': (_request, response) => response.end(bytes),
      '/moved': (_request, response) => response.writeHead(302, { location: '/image' }).end(),
      '/empty': (_request, response) => response.end(),
      '/error': (_request, response) => response.writeHead(500).end(),
      '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
      '/away': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      '/short': (_request, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('short')
        setTimeout(() => response.destroy(), 50)
      },
    })
    const download = (uri: unknown) => ({ method: { name: 'web-download', uri } })
    const copy = { method: { name: 'copy-image' } }

    test('staged bytes come into the stores that were asked for, in their order', async () => {
      const { id } = await scratch.image({ ...formats, mine: 'kept' })
      await stage(id, bytes)
      const started = await start(id, { ...direct, stores })
      expectStatus(started, 202)
      expect(started.text).toBe('')
      expect(await ended(id)).toMatchObject([{ status: 'success', result: { image_id: id } }])
      const image = await read(id)
      expect(image).toMatchObject({
        status: 'active',
        size: bytes.length,
        virtual_size: bytes.length,
        checksum: createHash('md5').update(bytes).digest('hex'),
        os_hash_algo: 'sha512',
        os_hash_value: createHash('sha512').update(bytes).digest('hex'),
        stores: 'fast,cheap',
        mine: 'kept',
        os_glance_importing_to_stores: '',
        os_glance_failed_import: '',
      })
      expect(image).not.toHaveProperty('os_glance_import_task')
      expect((await scratch.demo.image('GET', `/v2/images/${id}/file`)).text).toBe(bytes)
    })

    test('without a store, the one of the header or the default one is filled', async () => {
      const [one, other] = [await scratch.image(formats), await scratch.image(formats)]
      await stage(one.id, bytes)
      await stage(other.id, bytes)
      expectStatus(await start(one.id, direct), 202)
      expectStatus(await start(other.id, direct, scratch.demo, { 'x-image-meta-store': 'cheap' }), 202)
      await ended(one.id)
      await ended(other.id)
      expect([(await read(one.id)).stores, (await read(other.id)).stores]).toEqual(['fast', 'cheap'])
    })

    test.each(['/image', '/moved'])('the bytes of %s are downloaded into every store asked for', async (page) => {
      const { id } = await scratch.image({ ...formats, mine: 'kept' })
      expectStatus(await start(id, { ...download(url(page)), stores }), 202)
      expect(await ended(id)).toMatchObject([{ status: 'success', message: 'Copied 0 MiB' }])
      expect(await read(id)).toMatchObject({ status: 'active', size: bytes.length, stores: 'fast,cheap', mine: 'kept' })
    })

    test('all stores take it, but for read-only ones', async () => {
      const { id } = await scratch.image(formats)
      expectStatus(await start(id, { ...download(url('/image')), all_stores: true }), 202)
      await ended(id)
      const image = await read(id)
      expect(image).toMatchObject({ status: 'active', os_glance_failed_import: '' })
      const names = (image.stores ?? '').split(',')
      expect(names).toEqual(expect.arrayContaining(['cheap', 'fast']))
      expect(names).not.toContain('web')
    })

    test('an empty page is an image of 0 bytes', async () => {
      const { id } = await scratch.image(formats)
      expectStatus(await start(id, download(url('/empty'))), 202)
      expect(await ended(id)).toMatchObject([{ status: 'success', message: '' }])
      expect(await read(id)).toMatchObject({ status: 'active', size: 0 })
    })

    test.each(['/nowhere', '/error', '/loop', '/away', '/short'])(
      'a download of %s fails, and the image is queued again',
      async (page) => {
        const { id } = await scratch.image({ ...formats, mine: 'kept' })
        expectStatus(await start(id, { ...download(url(page)), stores }), 202)
        expect(await ended(id)).toMatchObject([
          { status: 'failure', result: null, message: expect.stringMatching(/./) },
        ])
        const image = await read(id)
        expect(image).toMatchObject({
          status: 'queued',
          size: null,
          mine: 'kept',
          os_glance_failed_import: 'cheap,fast',
          os_glance_importing_to_stores: '',
        })
        expect(image).not.toHaveProperty('os_glance_import_task')
        expectStatus(await start(id, { ...download(url('/image')), stores }), 202)
        expect((await ended(id)).filter(({ status }) => status === 'success')).toHaveLength(1)
        expect(await read(id)).toMatchObject({ status: 'active', os_glance_failed_import: '' })
      },
    )

    test('bytes that contradict the format fail the import into every store', async () => {
      const { id } = await scratch.image({ ...formats, disk_format: 'qcow2' })
      await stage(id, 'no qcow2'.repeat(100))
      expectStatus(await start(id, { ...direct, stores, all_stores_must_succeed: false }), 202)
      expect(await ended(id)).toMatchObject([{ status: 'failure', result: null }])
      expect(await read(id)).toMatchObject({
        status: 'queued',
        size: null,
        checksum: null,
        os_glance_failed_import: 'cheap,fast',
        os_glance_importing_to_stores: '',
      })
    })

    test('a store that takes nothing fails alone where the others suffice', async () => {
      const { id } = await scratch.image(formats)
      await stage(id, bytes)
      expectStatus(await start(id, { ...direct, stores: ['cheap', 'web'], all_stores_must_succeed: false }), 202)
      expect(await ended(id)).toMatchObject([{ status: 'success' }])
      expect(await read(id)).toMatchObject({ status: 'active', stores: 'cheap', os_glance_failed_import: 'web' })
    })

    test('an admin copies an active image into another store; it stays active', async () => {
      const { id } = await scratch.activeImage(Buffer.from(bytes))
      const demo = await start(id, { ...copy, stores: ['cheap'] })
      expectStatus(demo, 403)
      expect(messageOf(demo)).toContain('You are not authorized to complete copy_image action.')
      const present = await start(id, { ...copy, stores: ['fast'] }, scratch.admin)
      expectStatus(present, 400)
      expect(messageOf(present)).toContain(`Image is already present at store 'fast'`)
      expectStatus(await start(id, { ...copy, stores: ['cheap'] }, scratch.admin), 202)
      expect((await read(id)).status).toBe('active')
      expect(await ended(id)).toMatchObject([{ status: 'success' }])
      expect(await read(id)).toMatchObject({
        status: 'active',
        stores: 'fast,cheap',
        os_glance_importing_to_stores: '',
      })
      // Only an admin sees the tasks of an admin.
      expect(await tasks(id, scratch.demo)).toEqual([])
    })

    test.each([
      [{}, `Import request requires a 'method' field.`],
      [{ method: {} }, `Import request requires a 'name' field.`],
      [{ method: { name: 'x' } }, `Unknown import method name 'x'.`],
      [{ ...direct, all_stores: 'yes' }, `'all_stores' must be boolean value only`],
      [{ ...direct, all_stores_must_succeed: 'yes' }, `'all_stores_must_succeed' must be boolean value only`],
      [download(undefined), 'URI for web-download does not pass filtering: None'],
      [download('ftp://127.0.0.1/x'), 'URI for web-download does not pass filtering: ftp://127.0.0.1/x'],
      [download('http://169.254.169.254/'), 'URI for web-download does not pass filtering: http://169.254.169.254/'],
      [download('http://2130706433/'), 'URI for web-download does not pass filtering: http://2130706433/'],
      [download('http://nowhere.invalid/x'), 'URI for web-download does not pass filtering: http://nowhere.invalid/x'],
      [download('nothing'), 'URI for web-download does not pass filtering: nothing'],
    ])('%j is 400', async (json, text) => {
      const { id } = await scratch.image(formats)
      const refused = await start(id, json)
      expectStatus(refused, 400)
      expect(messageOf(refused)).toContain(text)
      expect(await tasks(id)).toEqual([])
    })

    test('stores that contradict each other are 400, unknown ones 409', async () => {
      const { id } = await scratch.image(formats)
      await stage(id, bytes)
      const all = await start(id, { ...direct, all_stores: true, stores })
      expectStatus(all, 400)
      expect(messageOf(all)).toContain(`All_stores parameter can't be used with x-image-meta-store header or stores`)
      const both = await start(id, { ...direct, stores }, scratch.demo, { 'x-image-meta-store': 'fast' })
      expectStatus(both, 400)
      expect(messageOf(both)).toContain(`Stores parameter and x-image-meta-store header can't be both specified`)
      const unknown = await start(id, { ...direct, stores: ['nope'] })
      expectStatus(unknown, 409)
      expect(messageOf(unknown)).toContain('Store for identifier nope not found')
      expect((await read(id)).status).toBe('uploading')
    })

    test('a method needs its status, and formats', async () => {
      const queued = await scratch.image(formats)
      const staged = await scratch.image(formats)
      const bare = await scratch.image()
      const active = await scratch.activeImage()
      await stage(staged.id, bytes)
      const refusal = async (id: string, json: unknown, account = scratch.demo) => {
        const refused = await start(id, json, account)
        return [refused.status, messageOf(refused).replace(/(<br \/>|\s)*$/, '')]
      }
      expect(await refusal(queued.id, direct)).toEqual([
        409,
        `Image needs to be staged before 'glance-direct' method can be used`,
      ])
      expect(await refusal(staged.id, download(url('/image')))).toEqual([
        409,
        `Image needs to be in 'queued' state to use 'web-download' method`,
      ])
      expect(await refusal(queued.id, copy, scratch.admin)).toEqual([
        409,
        'Only images with status active can be targeted for copying',
      ])
      expect(await refusal(active.id, direct)).toEqual([409, 'Image with status active cannot be target for import'])
      expect(await refusal(bare.id, download(url('/image')))).toEqual([
        409,
        `'container_format' needs to be set before import`,
      ])
    })

    test('a reader is 403, another project 404, another method 405', async () => {
      const { id } = await scratch.image(formats)
      const reader = await start(id, download(url('/image')), scratch.target.reader)
      expectStatus(reader, 403)
      expect(messageOf(reader)).toContain('modify_image action.')
      expectStatus(await start(id, download(url('/image')), scratch.alt), 404)
      const wrong = await scratch.demo.image('GET', `/v2/images/${id}/import`)
      expectStatus(wrong, 405)
      expect(wrong.headers['allow']).toBe('POST')
    })

    test('what Glance keeps of an import cannot be changed, and an imported image takes no other data', async () => {
      const { id } = await scratch.image(formats)
      expectStatus(await start(id, download(url('/image'))), 202)
      await ended(id)
      expectStatus(await patch(scratch.demo, id, [{ op: 'add', path: '/os_glance_import_task', value: 'x' }]), 403)
      expectStatus(await patch(scratch.demo, id, [{ op: 'remove', path: '/os_glance_failed_import' }]), 403)
      expectStatus(await putData(scratch.demo, id, 'x'), 409)
    })
  })
}
