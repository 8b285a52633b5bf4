import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { imageLimits, type WireImage } from '@tyrax/protocol'
import { contractSuite, expectStatus, patch } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/** /v2/images/{id}/tags/{tag}. */
export function tagsContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('tags', makeTarget, (scratch) => {
    const call = (method: string, id: string, tag: string, account = scratch.demo) =>
      account.image(method, `/v2/images/${id}/tags/${encodeURIComponent(tag)}`)
    const tags = async (id: string) =>
      (await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>().tags.toSorted()

    test('a tag is put, put again to no effect, and deleted once', async () => {
      const { id } = await scratch.image({ tags: ['first'] })
      expectStatus(await call('PUT', id, 'lts'), 204)
      expectStatus(await call('PUT', id, 'lts'), 204)
      expect(await tags(id)).toEqual(['first', 'lts'])
      expectStatus(await call('DELETE', id, 'lts'), 204)
      expectStatus(await call('DELETE', id, 'lts'), 404)
      expect(await tags(id)).toEqual(['first'])
    })

    test.each(['a b', 'c?d', 'e#f', 'g%h', 'i:j,k'])('the tag %j comes back as it was sent', async (tag) => {
      const { id } = await scratch.image()
      expectStatus(await call('PUT', id, tag), 204)
      expect(await tags(id)).toEqual([tag])
      expectStatus(await call('DELETE', id, tag), 204)
      expect(await tags(id)).toEqual([])
    })

    test('the bytes of a tag in the path are read as Latin-1, so only PATCH keeps others', async () => {
      const { id } = await scratch.image()
      expectStatus(await call('PUT', id, 'ü☃'), 204)
      expect(await tags(id)).toEqual([Buffer.from('ü☃').toString('latin1')])
      expectStatus(await call('DELETE', id, 'ü☃'), 204)
      expectStatus(await patch(scratch.demo, id, [{ op: 'replace', path: '/tags', value: ['ü☃'] }]), 200)
      expect(await tags(id)).toEqual(['ü☃'])
      expectStatus(await call('DELETE', id, 'ü☃'), 404)
    })

    test('255 characters are a tag, 256 are 400', async () => {
      const { id } = await scratch.image()
      expectStatus(await call('PUT', id, 't'.repeat(255)), 204)
      expectStatus(await call('PUT', id, 't'.repeat(256)), 400)
      expect(await tags(id)).toEqual(['t'.repeat(255)])
    })

    test('one tag more than the quota is 413', async () => {
      const full = Array.from({ length: imageLimits.tags }, (_, index) => `t${index}`)
      const { id } = await scratch.image({ tags: full })
      expectStatus(await call('PUT', id, 'one-more'), 413)
    })

    test('a body is 400', async () => {
      const { id } = await scratch.image()
      expectStatus(await scratch.demo.image('PUT', `/v2/images/${id}/tags/x`, { json: {} }), 400)
    })

    test("another project's image and an unknown one are 404, a public one 403", async () => {
      const { id } = await scratch.image()
      expectStatus(await call('PUT', id, 'x', scratch.alt), 404)
      expectStatus(await call('PUT', randomUUID(), 'x'), 404)
      const open = await scratch.image({ visibility: 'public', tags: ['x'] }, scratch.admin)
      expectStatus(await call('PUT', open.id, 'y'), 403)
      expectStatus(await call('DELETE', open.id, 'x'), 403)
    })

    test('GET and HEAD of a tag are 405', async () => {
      const { id } = await scratch.image({ tags: ['x'] })
      expectStatus(await call('GET', id, 'x'), 405)
      const head = await call('HEAD', id, 'x')
      expectStatus(head, 405)
      expect(head.headers['allow']?.split(/,\s*/).toSorted()).toEqual(['DELETE', 'PUT'])
    })
  })
}
