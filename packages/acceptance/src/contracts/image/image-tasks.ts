import { expect, test } from 'vitest'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { formats, importScratch } from './import-scratch.js'

const direct = { method: { name: 'glance-direct' }, stores: ['fast'] }
const preciseTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/

/** /v2/images/{id}/tasks: the imports of one image. */
export function imageTasksContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('tasks of an image', makeTarget, (scratch) => {
    const { stage, start, tasks, ended } = importScratch(scratch)

    test('an image without imports has no tasks', async () => {
      const { id } = await scratch.image(formats)
      const answer = await scratch.demo.image('GET', `/v2/images/${id}/tasks`)
      expectStatus(answer, 200)
      expect(answer.json()).toEqual({ tasks: [] })
    })

    test('a task has the fields of its row, for every user of the project', async () => {
      const { id } = await scratch.image(formats)
      await stage(id, 'x')
      const started = await start(id, direct)
      const [task] = await ended(id)
      expect(task).toEqual({
        id: expect.stringMatching(/^[-\da-f]{36}$/),
        type: 'api_image_import',
        status: 'success',
        owner: scratch.demo.projectId,
        expires_at: expect.stringMatching(preciseTime),
        created_at: expect.stringMatching(preciseTime),
        updated_at: expect.stringMatching(preciseTime),
        deleted_at: null,
        deleted: false,
        image_id: id,
        request_id: started.headers['x-openstack-request-id'],
        user_id: scratch.demo.userId,
        input: { image_id: id, import_req: direct, backend: ['fast'] },
        result: { image_id: id },
        message: 'Copied 0 MiB',
      })
      const hours = (Date.parse(`${task?.expires_at}Z`) - Date.parse(`${task?.updated_at}Z`)) / 3_600_000
      expect(hours).toBeCloseTo(48, 1)
      expect(await tasks(id, scratch.demo)).toEqual([task])
      expect(await tasks(id, scratch.target.reader)).toEqual([task])
    })

    test('strangers find no image, and other methods no route', async () => {
      const { id } = await scratch.image(formats)
      expectStatus(await scratch.alt.image('GET', `/v2/images/${id}/tasks`), 404)
      expectStatus(await scratch.demo.image('POST', `/v2/images/${id}/tasks`), 404)
    })
  })
}
