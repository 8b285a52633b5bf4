import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { imageFields, imageLimits, type WireImage } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** POST /v2/images: defaults, refusals and their form, roles. */
export function imagesCreateContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('images: create', makeTarget, (scratch) => {
    const post = (json: unknown, account = scratch.demo) => account.image('POST', '/v2/images', { json })

    test('an empty record is created with every base field at its default', async () => {
      const answer = await post({})
      expectStatus(answer, 201)
      const image = answer.json<WireImage>()
      scratch.track(scratch.demo, image.id)
      for (const field of imageFields.filter((each) => each.always))
        expect(image, field.wire).toHaveProperty(field.wire)
      expect(image).toMatchObject({
        name: null,
        status: 'queued',
        visibility: 'shared',
        protected: false,
        os_hidden: false,
        checksum: null,
        os_hash_algo: null,
        os_hash_value: null,
        size: null,
        virtual_size: null,
        disk_format: null,
        container_format: null,
        min_disk: 0,
        min_ram: 0,
        tags: [],
        owner: scratch.demo.projectId,
        self: `/v2/images/${image.id}`,
        file: `/v2/images/${image.id}/file`,
        schema: '/v2/schemas/image',
      })
      expect(image.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      expect(image.updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      expect(answer.headers['location']).toMatch(new RegExp(`/v2/images/${image.id}$`))
      expect(answer.headers['content-type']).toContain('application/json')
      expect(answer.headers['openstack-image-import-methods']).toContain('glance-direct')
      expect(answer.headers['x-openstack-request-id']).toMatch(/^req-/)
    })

    test('fields, tags and properties come back as they were sent', async () => {
      const fields = {
        name: `${scratch.name()} ü/☃:,`,
        disk_format: 'qcow2',
        container_format: 'bare',
        visibility: 'private',
        protected: true,
        os_hidden: true,
        min_disk: 3,
        min_ram: 512,
        os_distro: 'debian',
        'with/slash~tilde': 'x',
        empty: '',
      }
      const image = await scratch.image({ ...fields, tags: ['b', 'a', 'a'] })
      expect(image).toMatchObject(fields)
      expect(image.tags.toSorted()).toEqual(['a', 'b'])
      const read = await scratch.demo.image('GET', `/v2/images/${image.id}`)
      expect(read.json()).toMatchObject(fields)
    })

    test('an id of the caller is taken, once', async () => {
      const id = randomUUID()
      expect((await scratch.image({ id })).id).toBe(id)
      expectStatus(await post({ id }), 409)
      expectStatus(await post({ id: 'not-a-uuid' }), 400)
    })

    test.each<[string, Record<string, unknown>]>([
      ['an unknown disk format', { disk_format: 'floppy' }],
      ['an unknown container format', { container_format: 'box' }],
      ['an unknown visibility', { visibility: 'secret' }],
      ['a negative min_disk', { min_disk: -1 }],
      ['a min_ram that is no number', { min_ram: '512' }],
      ['a min_disk beyond 32 bits', { min_disk: 2 ** 31 }],
      ['a protected that is no boolean', { protected: 'true' }],
      ['a name of 256 characters', { name: 'n'.repeat(256) }],
      ['a name that is no string', { name: 5 }],
      ['tags that are no list', { tags: 'a' }],
      ['a tag of 256 characters', { tags: ['t'.repeat(256)] }],
      ['a number as property', { property: 1 }],
      ['a boolean as property', { property: true }],
      ['null as property', { property: null }],
      ['an object as property', { property: {} }],
      ['a property key of 256 characters', { ['k'.repeat(256)]: 'v' }],
    ])('%s is 400', async (_what, fields) => {
      expectStatus(await post(fields), 400)
    })

    test('a name, tag and key of 255 characters are not too long', async () => {
      const long = 'x'.repeat(255)
      const image = await scratch.image({ name: long, tags: [long], [`k${long.slice(1)}`]: 'v' })
      expect(image.name).toBe(long)
      expect(image.tags).toEqual([long])
    })

    test.each(['status', 'size', 'virtual_size', 'checksum', 'created_at', 'updated_at'])(
      'the read-only %s is 403',
      async (field) => {
        const value = field.endsWith('size')
          ? 5
          : field.endsWith('_at')
            ? '2020-01-01T00:00:00Z'
            : field === 'status'
              ? 'active'
              : 'ab'
        expectStatus(await post({ [field]: value }), 403)
      },
    )

    test('hashes of the caller are ignored: only the server computes them', async () => {
      const image = await scratch.image({ os_hash_algo: 'md5', os_hash_value: 'ab' })
      expect([image.os_hash_algo, image.os_hash_value]).toEqual([null, null])
    })

    test.each(['self', 'file', 'schema', 'direct_url'])('the read-only %s is 403', async (field) => {
      expectStatus(await post({ [field]: '/v2/images/x' }), 403)
    })

    test.each(['os_glance', 'os_glance_import_task', 'location', 'deleted', 'deleted_at'])(
      'the reserved %s is 403',
      async (field) => {
        expectStatus(await post({ [field]: 'x' }), 403)
      },
    )

    test('only an admin creates for another project, and only an admin publishes', async () => {
      expectStatus(await post({ owner: scratch.alt.projectId }), 403)
      expectStatus(await post({ visibility: 'public' }), 403)
      const given = await scratch.image({ owner: scratch.alt.projectId }, scratch.admin)
      expect(given.owner).toBe(scratch.alt.projectId)
      expect((await scratch.image({ visibility: 'public' }, scratch.admin)).visibility).toBe('public')
      expect((await scratch.image({ visibility: 'community' })).visibility).toBe('community')
    })

    test('a reader creates nothing', async () => {
      const { reader } = scratch.target
      expectStatus(await post({}, reader), 403)
    })

    test('more properties or tags than the quota are 413', async () => {
      const properties = Array.from({ length: imageLimits.properties + 1 }, (_, index) => [`p${index}`, 'v'])
      expectStatus(await post(Object.fromEntries(properties)), 413)
      const tags = Array.from({ length: imageLimits.tags + 1 }, (_, index) => `t${index}`)
      expectStatus(await post({ tags }), 413)
      expectStatus(await scratch.demo.image('GET', '/v2/images?limit=1'), 200)
    })

    test.each([
      ['half a JSON', '{"name":'],
      ['nothing', ''],
    ])('a body of %s is 400', async (_what, body) => {
      expectStatus(
        await scratch.demo.image('POST', '/v2/images', { body, headers: { 'content-type': 'application/json' } }),
        400,
      )
    })

    test('without a token, or with an unknown one, it is 401', async () => {
      expectStatus(
        await scratch.demo.image('POST', '/v2/images', { json: {}, headers: { 'x-auth-token': 'unknown' } }),
        401,
      )
    })
  })
}
