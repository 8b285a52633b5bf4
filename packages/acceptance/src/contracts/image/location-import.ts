import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WireImage, WireImageTask } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'
import type { Answer } from '../wire.js'
import { sourceData, sourceHashes, startSource, type Source } from './location-source.js'

/** POST /v2/images/{id}/locations, which starts a task. */
export function locationImportContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('location import', makeTarget, (scratch) => {
    let source: Source
    beforeAll(async () => {
      source = await startSource()
    })
    afterAll(() => source.close())

    const image = () => scratch.image({ disk_format: 'raw', container_format: 'bare' })
    const show = async (id: string) => (await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>()
    const add = (id: string, json: unknown, caller: Account = scratch.demo) =>
      caller.image('POST', `/v2/images/${id}/locations`, { json })
    const tasks = async (id: string) =>
      (await scratch.demo.image('GET', `/v2/images/${id}/tasks`)).json<{ tasks: WireImageTask[] }>().tasks
    const ended = async (id: string, status: 'success' | 'failure') => {
      await expect.poll(async () => (await tasks(id)).map((task) => task.status), { timeout: 60_000 }).toEqual([status])
      return (await tasks(id))[0]
    }
    const expectRefused = (answer: Answer, status: number, message: string) => {
      expectStatus(answer, status)
      expect(answer.text).toContain(message)
    }

    test('makes the image active with size and hashes', async () => {
      const { id } = await image()
      const url = `${source.url}/image`
      const answer = await add(id, { url })
      expect([answer.status, answer.text]).toEqual([202, ''])
      expect(await ended(id, 'success')).toMatchObject({
        type: 'location_import',
        owner: scratch.demo.projectId,
        request_id: answer.headers['x-openstack-request-id'],
        input: { image_id: id, loc_url: url, validation_data: {} },
        result: { image_id: id },
      })
      const found = await show(id)
      expect(found).toMatchObject({ status: 'active', size: sourceData.length, stores: 'web', ...sourceHashes })
      // The task is released just after it has ended.
      await expect.poll(() => show(id), { timeout: 60_000 }).not.toHaveProperty('os_glance_import_task')
      expect((await scratch.demo.image('GET', `/v2/images/${id}/file`)).text).toBe(sourceData.toString())
      expectRefused(await add(id, { url }), 409, `It's not allowed to add locations if image status is active.`)
    })

    test.each(['sha512', 'sha256', 'md5'])('the bytes must have a declared %s', async (algorithm) => {
      const value = createHash(algorithm).update(sourceData).digest('hex')
      const url = `${source.url}/image`
      const validation_data = { os_hash_algo: algorithm, os_hash_value: value }
      const right = await image()
      expectStatus(await add(right.id, { url, validation_data }), 202)
      await ended(right.id, 'success')
      expect(await show(right.id)).toMatchObject({ status: 'active', os_hash_algo: algorithm, os_hash_value: value })
      const wrong = await image()
      const other = { ...validation_data, os_hash_value: 'ab'.repeat(value.length / 2) }
      expectStatus(await add(wrong.id, { url, validation_data: other }), 202)
      await ended(wrong.id, 'failure')
      expect(await show(wrong.id)).toMatchObject({
        status: 'queued',
        checksum: null,
        os_hash_algo: null,
        os_hash_value: null,
        stores: 'web',
      })
      // Glance serves the bytes of the location even then (Launchpad bug 2076648); the embedded cloud those that came.
      await expect.poll(() => show(wrong.id), { timeout: 60_000 }).not.toHaveProperty('os_glance_import_task')
      const octets = { headers: { 'content-type': 'application/octet-stream' } }
      expectStatus(
        await scratch.demo.image('PUT', `/v2/images/${wrong.id}/file`, { ...octets, body: Buffer.from('mine') }),
        204,
      )
      expect(await show(wrong.id)).toMatchObject({ status: 'active', size: 4 })
      if (scratch.target.isReal) return
      expect((await scratch.demo.image('GET', `/v2/images/${wrong.id}/file`)).text).toBe('mine')
    })

    test('what the server does not have fails the task, and leaves the image queued', async () => {
      const { id } = await image()
      expectStatus(await add(id, { url: `${source.url}/missing` }), 202)
      await ended(id, 'failure')
      expect(await show(id)).toMatchObject({ status: 'queued', size: null, locations: [] })
    })

    test.each([
      ['no url', {}, `'url' is a required property`],
      ['a url that is no text', { url: 5 }, `5 is not of type 'string'`],
      ['half a hash', { url: 'U', validation_data: { os_hash_algo: 'sha512' } }, 'is a dependency of'],
      [
        'an unknown algorithm',
        { url: 'U', validation_data: { os_hash_algo: 'sha384', os_hash_value: 'aa' } },
        `'sha384' is not one of ['sha1', 'sha256', 'sha512', 'md5']`,
      ],
      [
        'a short hash',
        { url: 'U', validation_data: { os_hash_algo: 'sha512', os_hash_value: 'aa' } },
        'os_hash_value: (aa) is not the correct size for (sha512) (should be (64) bytes)',
      ],
      [
        'a hash that is not hexadecimal',
        { url: 'U', validation_data: { os_hash_algo: 'sha512', os_hash_value: 'zz' } },
        'os_hash_value (zz) is not a valid hexadecimal value',
      ],
      [
        'a filtered address',
        { url: 'http://10.9.9.9/x' },
        'URI for add location does not pass filtering: http://10.9.9.9/x',
      ],
    ])('%s is 400', async (_what, json: { url?: unknown }, message) => {
      const { id } = await image()
      const body = json.url === 'U' ? { ...json, url: `${source.url}/image` } : json
      expectRefused(await add(id, body), 400, message)
      expect(await tasks(id)).toEqual([])
    })

    test('other schemes are for services, other images for their owners', async () => {
      const { id } = await image()
      expectRefused(
        await add(id, { url: 'ftp://127.0.0.1/x' }),
        403,
        'http store must be enabled to use location API by normal user.',
      )
      const url = `${source.url}/image`
      expectStatus(await add(id, { url }, scratch.alt), 404)
      expectRefused(
        await add(id, { url }, scratch.target.reader),
        403,
        'You are not authorized to complete add_image_location action.',
      )
    })
  })
}
