import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'
import { formats, importScratch, messageOf } from './import-scratch.js'

/** /v2/stores/{store}/{image}: removes one copy of an image. */
export function storesContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('copies in stores', makeTarget, (scratch) => {
    const { stage, start, read, ended } = importScratch(scratch)
    const remove = (store: string, id: string, account: Account = scratch.admin) =>
      account.image('DELETE', `/v2/stores/${store}/${id}`, { headers: { accept: 'application/json' } })
    const inTwoStores = async () => {
      const { id } = await scratch.image(formats)
      await stage(id, 'x')
      await start(id, { method: { name: 'glance-direct' }, stores: ['fast', 'cheap'] })
      await ended(id)
      return id
    }

    test('an admin removes a copy, and the data is read from the other one', async () => {
      const id = await inTwoStores()
      const removed = await remove('fast', id)
      expectStatus(removed, 204)
      expect(removed.text).toBe('')
      expect(await read(id)).toMatchObject({ status: 'active', stores: 'cheap', size: 1 })
      expect((await scratch.demo.image('GET', `/v2/images/${id}/file`)).text).toBe('x')
      const again = await remove('fast', id)
      expectStatus(again, 403)
      expect(messageOf(again)).toContain('Cannot delete image data from the only store containing it.')
      expectStatus(await remove('cheap', id), 403)
    })

    test('a member is 403, an unknown store 409, an unknown image 404', async () => {
      const id = await inTwoStores()
      const member = await remove('fast', id, scratch.demo)
      expectStatus(member, 403)
      expect(messageOf(member)).toContain('delete_image_location action.')
      const unknown = await remove('nope', id)
      expectStatus(unknown, 409)
      expect(messageOf(unknown)).toContain('The selected store nope is not available on this node.')
      const missing = await remove('fast', '11111111-1111-1111-1111-111111111111')
      expectStatus(missing, 404)
      expect(messageOf(missing)).toContain('Failed to find image 11111111-1111-1111-1111-111111111111')
      expect(await read(id)).toMatchObject({ stores: 'fast,cheap' })
    })

    test('an image without data is 409, and a store that has no copy 404', async () => {
      const queued = await scratch.image(formats)
      expectStatus(await remove('fast', queued.id), 409)
      const id = await inTwoStores()
      const other = await remove('web', id)
      expectStatus(other, 404)
      expect(messageOf(other)).toContain(`Image ${id} is not stored in store web.`)
    })

    test('the stores are listed with what is true of them', async () => {
      const answer = await scratch.demo.image('GET', '/v2/info/stores')
      expectStatus(answer, 200)
      const { stores } = answer.json<{ stores: Record<string, unknown>[] }>()
      expect(stores).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ id: 'fast', default: 'true' }),
          expect.objectContaining({ id: 'web', 'read-only': 'true' }),
        ]),
      )
      expectStatus(await scratch.demo.image('GET', '/v2/info/stores/detail'), 403)
      expectStatus(await scratch.admin.image('GET', '/v2/info/stores/detail'), 200)
    })
  })
}
