import { afterAll, beforeAll, expect, test } from 'vitest'
import { imageLimits, type WireImage } from '@tyrax/protocol'
import { contractSuite, expectStatus, patch } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'
import type { Answer } from '../wire.js'
import { sourceData as data, sourceHashes as hashes, startSource, type Source } from './location-source.js'

/** Where images are stored: the locations of a cloud that shows them and has a store of type http, called web. */
export function locationsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('locations', makeTarget, (scratch) => {
    let source: Source
    beforeAll(async () => {
      source = await startSource()
    })
    afterAll(async () => {
      await source.close()
    })

    const formats = { disk_format: 'raw', container_format: 'bare' }
    const image = () => scratch.image(formats)
    const show = async (id: string) => (await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>()
    const at = (path: string, metadata: object = {}, extra: object = {}) => ({
      url: source.url + path,
      metadata,
      ...extra,
    })
    const add = (id: string, value: unknown, caller: Account = scratch.demo) =>
      patch(caller, id, [{ op: 'add', path: '/locations/-', value }])
    const remove = (id: string, position: string, caller: Account = scratch.admin) =>
      patch(caller, id, [{ op: 'remove', path: `/locations/${position}` }])
    const expectRefused = (answer: Answer, status: number, message: string) => {
      expectStatus(answer, status)
      expect(answer.text).toContain(message)
    }

    test('are shown, empty at first', async () => {
      const { id } = await image()
      expect(await show(id)).toMatchObject({ status: 'queued', locations: [] })
      const { locations } = await scratch.activeImage()
      expect(locations).toEqual([{ url: expect.stringMatching(/^file:\/\/\//), metadata: { store: 'fast' } }])
    })

    test('a URL makes a queued image active; its bytes are read there, but no ranges', async () => {
      const { id } = await image()
      const answer = await add(id, at('/image', { note: 'n' }))
      expectStatus(answer, 200)
      const expected = {
        status: 'active',
        size: data.length,
        checksum: null,
        os_hash_value: null,
        stores: 'web',
        locations: [{ url: `${source.url}/image`, metadata: { note: 'n', store: 'web' } }],
      }
      expect(answer.json()).toMatchObject(expected)
      expect(await show(id)).toMatchObject(expected)
      const file = `/v2/images/${id}/file`
      const whole = await scratch.demo.image('GET', file)
      expect([whole.status, whole.text, whole.headers['content-length']]).toEqual([
        200,
        data.toString(),
        String(data.length),
      ])
      expect(whole.headers['content-md5']).toBeUndefined()
      const range = await scratch.demo.image('GET', file, { headers: { range: 'bytes=0-9' } })
      expectRefused(range, 400, 'Getting images randomly from this store is not supported. Offset: 0, length: 10')
    })

    test('declared hashes are kept, and others refused', async () => {
      const { id } = await image()
      expectStatus(await add(id, at('/image', {}, { validation_data: hashes })), 200)
      expect(await show(id)).toMatchObject({ status: 'active', ...hashes })
      const same = at('/image?same', {}, { validation_data: hashes })
      expectStatus(await add(id, same), 200)
      const other = { ...hashes, os_hash_value: 'ab'.repeat(64) }
      expectRefused(
        await add(id, at('/image?other', {}, { validation_data: other })),
        409,
        'os_hash_value is already set with a different value',
      )
    })

    test.each([
      [
        'too short',
        { os_hash_value: 'aa' },
        'os_hash_value (aa) is not the correct size for sha512 (should be 64 bytes)',
      ],
      ['not hexadecimal', { os_hash_value: 'zz' }, 'os_hash_value (zz) is not a valid hexadecimal value'],
      ['of another algorithm', { os_hash_algo: 'md5' }, 'os_hash_algo must be sha512, not md5'],
      ['with a broken checksum', { checksum: 'z'.repeat(32) }, 'is not a valid hexadecimal value'],
    ])('a hash that is %s is 409', async (_what, changed, message) => {
      const { id } = await image()
      const answer = await add(id, at('/image', {}, { validation_data: { ...hashes, ...changed } }))
      expectRefused(answer, 409, message)
      expect(await show(id)).toMatchObject({ status: 'queued', locations: [] })
    })

    test.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'http://127.0.0.1:1/x', 'http://10.9.9.9/x', 'nonsense'])(
      '%s is no location',
      async (url) => {
        const { id } = await image()
        expectStatus(await add(id, { url, metadata: {} }), 400)
        expect(await show(id)).toMatchObject({ status: 'queued', locations: [] })
      },
    )

    test('nor is what the server does not have, the same again, or a place that is none', async () => {
      const { id } = await image()
      expectRefused(await add(id, at('/missing')), 400, 'Invalid location')
      expectStatus(await add(id, at('/image')), 200)
      expectRefused(await add(id, at('/image')), 400, `The location ${source.url}/image already exists`)
      const odd = await patch(scratch.demo, id, [{ op: 'add', path: '/locations/x', value: at('/image?x') }])
      expectRefused(odd, 400, 'Invalid position for adding a location.')
      expectStatus(await add(id, { url: `${source.url}/image?y` }), 400)
    })

    test('without formats an image does not become active', async () => {
      const { id } = await scratch.image()
      expectRefused(await add(id, at('/image')), 400, 'must be set prior to saving data.')
      expect(await show(id)).toMatchObject({ status: 'queued', locations: [] })
    })

    test('an uploaded image gets further ones; its owner adds, an admin removes, and one remains', async () => {
      const { id } = await scratch.activeImage(data, formats)
      expectStatus(await add(id, at('/image'), scratch.alt), 404)
      expectStatus(await add(id, at('/image'), scratch.target.reader), 403)
      expectStatus(await add(id, at('/image')), 200)
      expect(await show(id)).toMatchObject({ stores: 'fast,web', checksum: hashes.checksum })
      const ranged = await scratch.demo.image('GET', `/v2/images/${id}/file`, { headers: { range: 'bytes=0-4' } })
      expect([ranged.status, ranged.text]).toEqual([206, 'bytes'])
      expectRefused(
        await remove(id, '0', scratch.demo),
        403,
        'You are not authorized to complete delete_image_location action.',
      )
      expectRefused(await remove(id, '9'), 400, 'Invalid position for removing a location.')
      expectStatus(await remove(id, '0'), 200)
      expect(await show(id)).toMatchObject({ stores: 'web', status: 'active', checksum: hashes.checksum })
      expect((await scratch.demo.image('GET', `/v2/images/${id}/file`)).text).toBe(data.toString())
      expectRefused(await remove(id, '0'), 403, 'Cannot remove last location in the image.')
    })

    test('the list is replaced while it is empty; then only the metadata', async () => {
      const { id } = await image()
      const replace = (value: unknown) => patch(scratch.demo, id, [{ op: 'replace', path: '/locations', value }])
      expectRefused(await replace([]), 403, 'Cannot set locations to empty list.')
      expectStatus(await replace([at('/image?1'), at('/image?2')]), 200)
      expect(await show(id)).toMatchObject({ status: 'active', stores: 'web,web', size: data.length })
      expectRefused(await replace([at('/image?1')]), 400, 'Original locations is not empty: ')
      expectStatus(await replace([at('/image?1', { a: 'b' }), at('/image?2')]), 200)
      const { locations } = await show(id)
      expect(locations).toEqual([
        expect.objectContaining({ url: `${source.url}/image?1`, metadata: expect.objectContaining({ a: 'b' }) }),
        expect.objectContaining({ url: `${source.url}/image?2` }),
      ])
    })

    test('one more than the quota is 413', async () => {
      const { id } = await image()
      const value = Array.from({ length: imageLimits.locations + 1 }, (_, index) => at(`/image?${index}`))
      const answer = await patch(scratch.demo, id, [{ op: 'replace', path: '/locations', value }])
      expectRefused(
        answer,
        413,
        'The limit has been exceeded on the number of allowed image locations. Attempted: 11, Maximum: 10',
      )
    })

    test('the list of its own is for services', async () => {
      const { id } = await image()
      await add(id, at('/image'))
      const path = `/v2/images/${id}/locations`
      expectRefused(
        await scratch.demo.image('GET', path),
        403,
        'You are not authorized to complete fetch_image_location action.',
      )
      const answer = await scratch.target.service.image('GET', path)
      expectStatus(answer, 200)
      expect(answer.json()).toEqual([{ url: `${source.url}/image`, metadata: { store: 'web' } }])
      const wrong = await scratch.demo.image('PUT', path)
      expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'POST'])
    })

    test('an image whose server no longer has it has no data', async () => {
      const { id } = await image()
      await add(id, at('/image'))
      source.forget()
      try {
        expectStatus(await scratch.demo.image('GET', `/v2/images/${id}/file`), 204)
      } finally {
        source.restore()
      }
    })
  })
}
