import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { WireImage, WireImageTask } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import { passwordLogin, type Account, type ContractTarget } from '../target.js'
import { exchange, type Answer } from '../wire.js'

interface Catalog {
  token: { catalog: { type: string; endpoints: { region: string }[] }[] }
}

/** The import method glance-download, from a cloud's own region. */
export function glanceDownloadContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('glance-download', makeTarget, (scratch) => {
    let region = ''
    beforeAll(async () => {
      const answer = await exchange('POST', `${scratch.target.authUrl}/auth/tokens`, {
        json: passwordLogin(scratch.demo),
      })
      const service = answer.json<Catalog>().token.catalog.find(({ type }) => type === 'image')
      region = service?.endpoints[0]?.region ?? ''
    })

    const formats = { disk_format: 'raw', container_format: 'bare' }
    const image = (fields = {}) => scratch.image({ ...formats, ...fields })
    const show = async (id: string) => (await scratch.demo.image('GET', `/v2/images/${id}`)).json<WireImage>()
    const start = (id: string, method: object, caller: Account = scratch.demo) =>
      caller.image('POST', `/v2/images/${id}/import`, { json: { method: { name: 'glance-download', ...method } } })
    const from = (id: string, fields = {}) => ({ glance_image_id: id, glance_region: region, ...fields })
    const ended = async (id: string, status: 'success' | 'failure') => {
      const tasks = async () =>
        (await scratch.demo.image('GET', `/v2/images/${id}/tasks`)).json<{ tasks: WireImageTask[] }>().tasks
      await expect.poll(async () => (await tasks()).map((task) => task.status), { timeout: 60_000 }).toEqual([status])
    }
    const expectRefused = (answer: Answer, status: number, message: string) => {
      expectStatus(answer, status)
      expect(answer.text).toContain(message)
    }

    test('copies data, formats and those properties that concern the data', async () => {
      const data = Buffer.from('one image of many regions')
      const source = await scratch.activeImage(data, {
        container_format: 'docker',
        hw_disk_bus: 'scsi',
        'trait:X': 'required',
        os_distro: 'debian',
        os_version: '13',
        mine: 'not copied',
      })
      const { id } = await image({ own: 'kept', hw_disk_bus: 'ide' })
      const answer = await start(id, from(source.id))
      expect([answer.status, answer.text]).toEqual([202, ''])
      await ended(id, 'success')
      const copied = await show(id)
      expect(copied).toMatchObject({
        status: 'active',
        disk_format: 'raw',
        container_format: 'docker',
        size: data.length,
        os_hash_value: source.os_hash_value,
        hw_disk_bus: 'scsi',
        'trait:X': 'required',
        os_distro: 'debian',
        own: 'kept',
      })
      for (const name of ['os_version', 'mine']) expect(copied).not.toHaveProperty(name)
      expect((await scratch.demo.image('GET', `/v2/images/${id}/file`)).text).toBe(data.toString())
    })

    test.each([
      ['no image', { glance_region: 'R' }, `'glance_image_id' needs to be set for glance-download import method`],
      [
        'no region',
        { glance_image_id: randomUUID() },
        `'glance_region' needs to be set for glance-download import method`,
      ],
      [
        'an image that has no id',
        { glance_region: 'R', glance_image_id: 'x' },
        'Remote image id does not look like a UUID: x',
      ],
    ])('%s is 400', async (_what, method, message) => {
      const { id } = await image()
      expectRefused(await start(id, method), 400, message)
    })

    test('an image that is not queued is 409, another project’s 404', async () => {
      const source = await scratch.activeImage()
      expectStatus(await start(source.id, from(source.id)), 409)
      const { id } = await image()
      expectStatus(await start(id, from(source.id), scratch.alt), 404)
    })

    test('without the image, its data, the region or the interface the task fails, and the image is queued', async () => {
      const source = await scratch.activeImage()
      const empty = await image()
      const hidden = await scratch.activeImage(undefined, { visibility: 'private' }, scratch.alt)
      for (const method of [
        from(randomUUID()),
        from(empty.id),
        from(hidden.id),
        from(source.id, { glance_region: 'elsewhere' }),
        from(source.id, { glance_service_interface: 'secret' }),
      ]) {
        const { id } = await image({ own: 'kept' })
        expectStatus(await start(id, method), 202)
        await ended(id, 'failure')
        expect(await show(id)).toMatchObject({ status: 'queued', size: null, own: 'kept', ...formats })
      }
    })
  })
}
