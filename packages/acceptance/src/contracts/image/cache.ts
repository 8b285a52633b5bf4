import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { cacheClearTargetHeader, type WireCachedImage, type WireImageCache, type WireImage } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'

/**
 * /v2/cache of a service with an image cache: what gets into it, and who may look. What downloads do to it depends on
 * the middleware that a real Glance runs, so that is tested at the embedded cloud alone.
 */
export function cacheContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('cache', makeTarget, (scratch) => {
    const json = { accept: 'application/json' }
    const state = async () => {
      const listed = await scratch.admin.image('GET', '/v2/cache')
      expectStatus(listed, 200)
      return listed.json<WireImageCache>()
    }
    const find = async (id: string): Promise<WireCachedImage | undefined> =>
      (await state()).cached_images.find((copy) => copy.image_id === id)
    const cached = async (id: string): Promise<WireCachedImage> => {
      await expect.poll(() => find(id), { timeout: 60_000, interval: 100 }).toBeDefined()
      const copy = await find(id)
      if (copy === undefined) throw new Error(`image ${id} left the cache again`)
      return copy
    }
    const queue = (id: string) => {
      // Where downloads bypass the cache, a copy outlives its image.
      scratch.later(() => scratch.admin.image('DELETE', `/v2/cache/${id}`))
      return scratch.admin.image('PUT', `/v2/cache/${id}`)
    }
    const cachedImage = async (): Promise<WireImage> => {
      const image = await scratch.activeImage()
      expectStatus(await queue(image.id), 202)
      await cached(image.id)
      return image
    }
    const download = (id: string, headers = {}) => scratch.demo.image('GET', `/v2/images/${id}/file`, { headers })

    test('a queued image is cached by itself', async () => {
      const image = await scratch.activeImage()
      const queued = await queue(image.id)
      expectStatus(queued, 202)
      expect(queued.text).toBe('')
      const copy = await cached(image.id)
      expect(copy).toMatchObject({ image_id: image.id, size: image.size, hits: 0, checksum: null })
      expect(copy.last_modified).toBeGreaterThan(Date.parse(image.created_at) / 1000 - 1)
      expect((await state()).queued_images).not.toContain(image.id)
    })

    test('queuing again what is cached is 202 and changes nothing', async () => {
      const { id } = await cachedImage()
      expectStatus(await queue(id), 202)
      expect((await state()).cached_images.filter((copy) => copy.image_id === id)).toHaveLength(1)
    })

    test('one copy is removed, and removing it again is no error', async () => {
      const { id } = await cachedImage()
      expectStatus(await scratch.admin.image('DELETE', `/v2/cache/${id}`), 204)
      expect(await find(id)).toBeUndefined()
      expectStatus(await scratch.admin.image('DELETE', `/v2/cache/${id}`), 204)
      expect((await download(id)).text).toBe('some data')
    })

    test('what is not active is not queued: 400', async () => {
      const { id } = await scratch.image()
      const refused = await scratch.admin.image('PUT', `/v2/cache/${id}`, { headers: json })
      expectStatus(refused, 400)
      expect(refused.text).toContain('Only images with status active can be targeted for queueing')
    })

    test('an unknown image is 404, before any right is looked at', async () => {
      const id = randomUUID()
      for (const caller of [scratch.admin, scratch.demo]) {
        for (const method of ['PUT', 'DELETE']) {
          const refused = await caller.image(method, `/v2/cache/${id}`, { headers: json })
          expectStatus(refused, 404)
          expect(refused.text).toContain(`Image ${id} not found.`)
        }
      }
      expectStatus(await scratch.admin.image('GET', `/v2/cache/nodes/${id}`), 404)
    })

    test('one of another project is 404 to a member, too', async () => {
      const { id } = await scratch.activeImage()
      expectStatus(await scratch.alt.image('PUT', `/v2/cache/${id}`), 404)
      expectStatus(await scratch.alt.image('DELETE', `/v2/cache/${id}`), 404)
    })

    test('only admins use the cache', async () => {
      const { id } = await scratch.activeImage()
      const calls = [
        ['GET', '/v2/cache', 'cache_list'],
        ['PUT', `/v2/cache/${id}`, 'cache_image'],
        ['DELETE', `/v2/cache/${id}`, 'cache_delete'],
        ['DELETE', '/v2/cache', 'cache_delete'],
        ['POST', '/v2/cache/clean', 'cache_clean'],
        ['POST', '/v2/cache/prune', 'cache_prune'],
        ['GET', `/v2/cache/nodes/${id}`, 'list_cached_nodes'],
      ] as const
      for (const [method, path, action] of calls) {
        const refused = await scratch.demo.image(method, path, { headers: json })
        expectStatus(refused, 403)
        expect(refused.text).toContain(`You are not authorized to complete ${action} action.`)
      }
    })

    test('a server that has a copy is named by its URL', async () => {
      const { id } = await scratch.activeImage()
      const nodes = () => scratch.admin.image('GET', `/v2/cache/nodes/${id}`)
      expect((await nodes()).json()).toEqual([])
      expectStatus(await queue(id), 202)
      await cached(id)
      expect((await nodes()).json()).toEqual([expect.stringMatching(/^https?:\/\//)])
    })

    test('the queue alone can be cleared; an unknown target is 400', async () => {
      const { id } = await cachedImage()
      const clear = (target: string) =>
        scratch.admin.image('DELETE', '/v2/cache', { headers: { ...json, [cacheClearTargetHeader]: target } })
      expectStatus(await clear('QUEUE'), 204)
      expect(await find(id)).toBeDefined()
      const refused = await clear('both')
      expectStatus(refused, 400)
      expect(refused.text).toContain(`must be 'cache', 'queue' or empty string.`)
    })

    test('clean responds with nothing, prune with what it removed', async () => {
      const cleaned = await scratch.admin.image('POST', '/v2/cache/clean')
      expectStatus(cleaned, 200)
      expect(cleaned.text).toBe('')
      const pruned = await scratch.admin.image('POST', '/v2/cache/prune')
      expectStatus(pruned, 200)
      expect(pruned.json()).toEqual({ total_files_pruned: 0, total_bytes_pruned: 0 })
    })

    test('a body that is not JSON is 400', async () => {
      expectStatus(await scratch.admin.image('POST', '/v2/cache/clean', { body: 'x' }), 400)
    })

    test.each([
      ['POST', '/v2/cache', 'GET, DELETE'],
      ['GET', '/v2/cache/clean', 'POST'],
      ['GET', '/v2/cache/prune', 'POST'],
      ['PUT', '/v2/cache/nodes/x', 'GET'],
      ['GET', '/v2/cache/x', 'DELETE, PUT'],
    ])('%s %s is 405', async (method, path, allow) => {
      const refused = await scratch.admin.image(method, path)
      expectStatus(refused, 405)
      expect(refused.headers['allow']).toBe(allow)
    })

    test('the versions name it', async () => {
      const { versions } = (await scratch.admin.image('GET', '/versions')).json<{
        versions: { id: string; status: string }[]
      }>()
      expect(versions.slice(0, 5)).toMatchObject([
        { id: 'v2.18', status: 'CURRENT' },
        { id: 'v2.17', status: 'SUPPORTED' },
        { id: 'v2.16', status: 'SUPPORTED' },
        { id: 'v2.15', status: 'SUPPORTED' },
        { id: 'v2.14', status: 'SUPPORTED' },
      ])
    })
  })
}
