import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { jsonPatchV20, jsonPatchV21, type WireImage } from '@tyrax/protocol'
import { contractSuite, expectStatus, patch } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** PATCH /v2/images/{id}: both dialects, pointers, and what may not be changed. */
export function imagesPatchContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('images: patch', makeTarget, (scratch) => {
    const apply = async (id: string, ...operations: unknown[]) => {
      const answer = await patch(scratch.demo, id, operations)
      expectStatus(answer, 200)
      return answer.json<WireImage>()
    }
    const status = async (id: string, ...operations: unknown[]) => (await patch(scratch.demo, id, operations)).status

    test('add, replace and remove work on custom properties, and the answer is the new image', async () => {
      const { id } = await scratch.image({ name: 'before', kept: '1' })
      const added = await apply(id, { op: 'add', path: '/os_distro', value: 'debian' })
      expect(added).toMatchObject({ id, os_distro: 'debian', kept: '1' })
      expect(await apply(id, { op: 'replace', path: '/os_distro', value: 'arch' })).toMatchObject({ os_distro: 'arch' })
      expect(await apply(id, { op: 'remove', path: '/os_distro' })).not.toHaveProperty('os_distro')
    })

    test('add replaces what is there', async () => {
      const { id } = await scratch.image({ os_distro: 'debian' })
      expect(await apply(id, { op: 'add', path: '/os_distro', value: 'arch' })).toMatchObject({ os_distro: 'arch' })
      expect(await apply(id, { op: 'add', path: '/name', value: 'new' })).toMatchObject({ name: 'new' })
    })

    test('replace and remove of an absent property are 409', async () => {
      const { id } = await scratch.image()
      expect(await status(id, { op: 'replace', path: '/absent', value: 'x' })).toBe(409)
      expect(await status(id, { op: 'remove', path: '/absent' })).toBe(409)
    })

    test('base fields are replaced, not removed; null resets those that may be null', async () => {
      const { id } = await scratch.image({ name: 'n', disk_format: 'raw', container_format: 'bare', min_disk: 1 })
      const changed = await apply(
        id,
        { op: 'replace', path: '/name', value: 'other' },
        { op: 'replace', path: '/min_disk', value: 7 },
        { op: 'replace', path: '/visibility', value: 'private' },
        { op: 'replace', path: '/protected', value: true },
        { op: 'replace', path: '/os_hidden', value: true },
        { op: 'replace', path: '/disk_format', value: 'qcow2' },
      )
      expect(changed).toMatchObject({
        name: 'other',
        min_disk: 7,
        visibility: 'private',
        protected: true,
        os_hidden: true,
      })
      expect(changed.disk_format).toBe('qcow2')
      expect(await status(id, { op: 'remove', path: '/name' })).toBe(403)
      const reset = await apply(
        id,
        { op: 'replace', path: '/name', value: null },
        { op: 'replace', path: '/disk_format', value: null },
      )
      expect(reset).toMatchObject({ name: null, disk_format: null })
      expect(await status(id, { op: 'replace', path: '/min_disk', value: null })).toBe(400)
      expect(await status(id, { op: 'replace', path: '/visibility', value: null })).toBe(400)
    })

    test('tags are replaced whole, never by element', async () => {
      const { id } = await scratch.image({ tags: ['a'] })
      const changed = await apply(id, { op: 'replace', path: '/tags', value: ['x', 'y', 'x'] })
      expect(changed.tags.toSorted()).toEqual(['x', 'y'])
      expect(await status(id, { op: 'add', path: '/tags/-', value: 'z' })).toBe(400)
      expect(await status(id, { op: 'replace', path: '/tags/0', value: 'z' })).toBe(400)
    })

    test('pointers are unescaped: ~1 is a slash, ~0 a tilde', async () => {
      const { id } = await scratch.image()
      const changed = await apply(id, { op: 'add', path: '/a~1b~0c', value: 'x' })
      expect(changed['a/b~c']).toBe('x')
      expect(await apply(id, { op: 'remove', path: '/a~1b~0c' })).not.toHaveProperty('a/b~c')
    })

    test.each([
      ['no leading slash', 'name'],
      ['two segments', '/a/b'],
      ['a trailing slash', '/name/'],
      ['nothing', ''],
      ['an empty segment', '///name'],
      ['a bad escape', '/a~2b'],
    ])('a path with %s is 400', async (_what, path) => {
      const { id } = await scratch.image()
      expect(await status(id, { op: 'add', path, value: 'x' })).toBe(400)
    })

    test.each([
      ['an unknown op', { op: 'test', path: '/name', value: 'x' }],
      ['no op', { path: '/name', value: 'x' }],
      ['no path', { op: 'add', value: 'x' }],
      ['no value', { op: 'add', path: '/name' }],
      ['a number for a property', { op: 'add', path: '/property', value: 5 }],
      ['null for a property', { op: 'add', path: '/property', value: null }],
      ['an unknown visibility', { op: 'replace', path: '/visibility', value: 'secret' }],
      ['a negative min_ram', { op: 'replace', path: '/min_ram', value: -1 }],
      ['a name of 256 characters', { op: 'replace', path: '/name', value: 'n'.repeat(256) }],
      ['no object', 'add'],
    ])('an operation with %s is 400', async (_what, operation) => {
      const { id } = await scratch.image()
      expect(await status(id, operation)).toBe(400)
    })

    test.each(['id', 'status', 'size', 'virtual_size', 'checksum', 'os_hash_algo', 'os_hash_value'])(
      'the read-only %s is 403',
      async (field) => {
        const { id } = await scratch.image()
        expect(await status(id, { op: 'replace', path: `/${field}`, value: randomUUID() })).toBe(403)
      },
    )

    test.each(['created_at', 'updated_at', 'self', 'file', 'schema', 'direct_url'])(
      'the read-only %s is 403',
      async (field) => {
        const { id } = await scratch.image()
        expect(await status(id, { op: 'replace', path: `/${field}`, value: 'x' })).toBe(403)
      },
    )

    test.each(['os_glance_import_task', 'os_glance_x', 'location', 'deleted', 'deleted_at'])(
      'the reserved %s is 403',
      async (field) => {
        const { id } = await scratch.image()
        expect(await status(id, { op: 'add', path: `/${field}`, value: 'x' })).toBe(403)
      },
    )

    test('the owner is given away by an admin alone', async () => {
      const { id } = await scratch.image()
      const operation = { op: 'replace', path: '/owner', value: scratch.alt.projectId }
      expect(await status(id, operation)).toBe(403)
      const answer = await patch(scratch.admin, id, [operation])
      expectStatus(answer, 200)
      expect(answer.json<WireImage>().owner).toBe(scratch.alt.projectId)
      await patch(scratch.admin, id, [{ ...operation, value: scratch.demo.projectId }])
    })

    test('public is for admins', async () => {
      const { id } = await scratch.image()
      expect(await status(id, { op: 'replace', path: '/visibility', value: 'public' })).toBe(403)
      expect(await status(id, { op: 'replace', path: '/visibility', value: 'community' })).toBe(200)
    })

    test('formats are fixed once there is data', async () => {
      const { id } = await scratch.activeImage()
      expect(await status(id, { op: 'replace', path: '/disk_format', value: 'iso' })).toBe(403)
      expect(await status(id, { op: 'replace', path: '/container_format', value: 'ovf' })).toBe(403)
      expect(await status(id, { op: 'replace', path: '/name', value: 'still changes' })).toBe(200)
    })

    test('operations are applied in order, all or none', async () => {
      const { id } = await scratch.image({ name: 'before' })
      const both = [
        { op: 'replace', path: '/name', value: 'after' },
        { op: 'remove', path: '/absent' },
      ]
      expect(await status(id, ...both)).toBe(409)
      expect((await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>().name).toBe('before')
      const ordered = await apply(
        id,
        { op: 'add', path: '/p', value: '1' },
        { op: 'replace', path: '/p', value: '2' },
        { op: 'add', path: '/q', value: '3' },
        { op: 'remove', path: '/q' },
      )
      expect(ordered['p']).toBe('2')
      expect(ordered).not.toHaveProperty('q')
    })

    test('an empty list of operations changes nothing and is 200', async () => {
      const image = await scratch.image({ name: 'same' })
      expect(await apply(image.id)).toMatchObject({ name: 'same' })
    })

    test('a body that is no list, or no JSON, is 400', async () => {
      const { id } = await scratch.image()
      expectStatus(await patch(scratch.demo, id, { op: 'add', path: '/a', value: 'b' }), 400)
      const headers = { 'content-type': jsonPatchV21 }
      expectStatus(await scratch.demo.image('PATCH', `/v2/images/${id}`, { body: '[{', headers }), 400)
    })

    test.each(['application/json', 'application/json-patch+json', 'text/plain'])(
      '%s is 415 and told what is taken',
      async (type) => {
        const { id } = await scratch.image()
        const answer = await patch(scratch.demo, id, [], type)
        expectStatus(answer, 415)
        const taken = answer.headers['accept-patch']?.split(/,\s*/)
        expect(taken).toContain(jsonPatchV21)
        expect(taken).toContain(jsonPatchV20)
      },
    )

    test('the older dialect names the path in the operation, and its add is 409 on what is there', async () => {
      const { id } = await scratch.image({ there: '1' })
      const old = (...operations: unknown[]) => patch(scratch.demo, id, operations, jsonPatchV20)
      const added = await old({ add: '/os_distro', value: 'debian' })
      expectStatus(added, 200)
      expect(added.json()).toMatchObject({ os_distro: 'debian' })
      expectStatus(await old({ add: '/there', value: '2' }), 409)
      expectStatus(await old({ replace: '/there', value: '2' }), 200)
      expectStatus(await old({ remove: '/there' }), 200)
      expectStatus(await old({ op: 'add', path: '/x', value: '1' }), 400)
    })

    test('more properties than the quota are 413', async () => {
      const { id } = await scratch.image()
      const operations = Array.from({ length: 129 }, (_, index) => ({ op: 'add', path: `/p${index}`, value: 'v' }))
      expectStatus(await patch(scratch.demo, id, operations), 413)
      const tags = Array.from({ length: 129 }, (_, index) => `t${index}`)
      expectStatus(await patch(scratch.demo, id, [{ op: 'replace', path: '/tags', value: tags }]), 413)
    })

    test("another project's image is 404, a public one 403, an unknown one 404", async () => {
      const { id } = await scratch.image()
      const operations = [{ op: 'replace', path: '/name', value: 'mine' }]
      expectStatus(await patch(scratch.alt, id, operations), 404)
      const open = await scratch.image({ visibility: 'public' }, scratch.admin)
      expectStatus(await patch(scratch.alt, open.id, operations), 403)
      expectStatus(await patch(scratch.demo, randomUUID(), operations), 404)
    })

    test('a reader changes nothing', async () => {
      const { reader } = scratch.target
      const { id } = await scratch.image()
      expectStatus(await reader.image('GET', `/v2/images/${id}`), 200)
      expectStatus(await patch(reader, id, [{ op: 'replace', path: '/name', value: 'mine' }]), 403)
      expectStatus(await reader.image('DELETE', `/v2/images/${id}`), 403)
    })
  })
}
