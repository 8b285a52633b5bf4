import { expect, test } from 'vitest'
import type { WireTask } from '@tyrax/protocol'
import { contractSuite, expectStatus } from '../scratch.js'
import type { ContractTarget } from '../target.js'
import { formats, importScratch, messageOf, webServer } from './import-scratch.js'

interface Page {
  tasks: WireTask[]
  first: string
  next?: string
  schema: string
}

/** /v2/tasks: the tasks of all projects, for admins. */
export function tasksContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('tasks of all projects', makeTarget, (scratch) => {
    const { stage, start, ended } = importScratch(scratch)
    const url = webServer({ '/image': (_request, response) => response.end('bytes of the web') })
    const headers = { accept: 'application/json' }
    const list = (query: string) => scratch.admin.image('GET', `/v2/tasks${query}`, { headers })
    const importOne = async () => {
      const { id } = await scratch.image(formats)
      await stage(id, 'x')
      await start(id, { method: { name: 'glance-direct' } })
      const [task] = await ended(id)
      return task?.id ?? ''
    }

    test('the newest come first, in pages, without what only one task shows', async () => {
      const made = [await importOne(), await importOne()]
      const found = (await list('?limit=1000')).json<Page>()
      expect(found).toMatchObject({ first: '/v2/tasks?limit=1000', schema: '/v2/schemas/tasks' })
      expect(found.tasks.map(({ id }) => id).filter((id) => made.includes(id))).toEqual(made.toReversed())
      const stub = found.tasks.find(({ id }) => id === made[0])
      expect(Object.keys(stub ?? {}).sort()).toEqual(
        ['created_at', 'expires_at', 'id', 'owner', 'schema', 'self', 'status', 'type', 'updated_at'].sort(),
      )
      expect(stub).toMatchObject({
        self: `/v2/tasks/${made[0]}`,
        schema: '/v2/schemas/task',
        owner: scratch.demo.projectId,
        updated_at: expect.stringMatching(/^[-\d]{10}T[:\d]{8}Z$/) as string,
      })
      const rest = (await list(`?limit=1000&marker=${made[1]}`)).json<Page>()
      expect(rest.tasks.map(({ id }) => id)).toContain(made[0])
      expect(rest.tasks.map(({ id }) => id)).not.toContain(made[1])
      const one = (await list('?limit=1')).json<Page>()
      expect(one.next).toBe(`/v2/tasks?limit=1&marker=${one.tasks[0]?.id}`)
    })

    test('one shows its input, its result and its message', async () => {
      const id = await importOne()
      const answer = await scratch.admin.image('GET', `/v2/tasks/${id}`, { headers })
      expectStatus(answer, 200)
      const task = answer.json<WireTask>()
      expect(Object.keys(task).sort()).toEqual(
        (
          'created_at expires_at id image_id input message owner request_id result schema self status type ' +
          'updated_at user_id'
        ).split(' '),
      )
      expect(task).toMatchObject({ status: 'success', message: 'Copied 0 MiB', user_id: scratch.demo.userId })
      const missing = await scratch.admin.image('GET', '/v2/tasks/11111111-1111-1111-1111-111111111111', { headers })
      expectStatus(missing, 404)
      expect(messageOf(missing)).toContain('Could not find task 11111111-1111-1111-1111-111111111111')
    })

    test.each([
      ['limit=x', 'limit param must be an integer'],
      ['limit=-1', 'limit param must be positive'],
      ['status=done', 'Invalid status value: done'],
      ['type=api_image_import', 'Invalid type value: api_image_import'],
      ['sort_dir=up', 'Invalid sort direction: up'],
      ['sort_key=message', 'Sort key supplied was not valid.'],
      ['marker=x', 'Invalid marker format'],
      ['marker=11111111-1111-1111-1111-111111111111', 'Task with the given id 11111111-1111-1111-1111-111111111111'],
    ])('a list with %s is 400', async (query, text) => {
      const refused = await list(`?${query}`)
      expectStatus(refused, 400)
      expect(messageOf(refused)).toContain(text)
    })

    test('only admins read and write them, and none is deleted', async () => {
      const refused = await scratch.demo.image('GET', '/v2/tasks', { headers })
      expectStatus(refused, 403)
      expect(messageOf(refused)).toContain('tasks_api_access action.')
      expectStatus(await scratch.demo.image('GET', '/v2/tasks/x'), 403)
      expectStatus(await scratch.demo.image('POST', '/v2/tasks', { json: {} }), 403)
      const deleted = await scratch.admin.image('DELETE', '/v2/tasks/x', { headers })
      expectStatus(deleted, 405)
      expect(deleted.headers['allow']).toBe('GET')
      expect(messageOf(deleted)).toContain('This operation is currently not permitted on Glance Tasks.')
    })

    test('a task of type import creates an image from a URL', async () => {
      const input = {
        import_from: url('/image'),
        import_from_format: 'raw',
        image_properties: { name: scratch.name(), ...formats, os_type: 'linux' },
      }
      const made = await scratch.admin.image('POST', '/v2/tasks', { json: { type: 'import', input }, headers })
      expectStatus(made, 201)
      const { id } = made.json<WireTask>()
      expect(made.headers['location']).toContain(`/v2/tasks/${id}`)
      expect(made.json()).toMatchObject({ type: 'import', status: 'pending', input, result: null, message: '' })
      const task = async () => (await scratch.admin.image('GET', `/v2/tasks/${id}`)).json<WireTask>()
      await expect.poll(async () => (await task()).status, { timeout: 60_000 }).toBe('success')
      const imageId = String((await task()).result?.['image_id'])
      scratch.track(scratch.admin, imageId)
      expect((await scratch.admin.image('GET', `/v2/images/${imageId}`)).json()).toMatchObject({
        name: input.image_properties.name,
        status: 'active',
        size: 16,
        os_type: 'linux',
      })
      const { tasks } = (await list('?type=import&limit=1000')).json<Page>()
      expect(tasks.map((each) => each.id)).toContain(id)
    })

    test.each([
      [{}, `Task 'type' is required`],
      [{ type: 'import' }, `Task 'input' is required`],
      [{ type: 'export', input: {} }, `'export' is not one of ['import', 'api_image_import', 'location_import']`],
      [{ type: 'import', input: {} }, 'Invalid location: None'],
      [{ type: 'import', input: 'x' }, `'x' is not of type 'null', 'object'`],
      [{ type: 'import', input: {}, extra: 1 }, `Additional properties are not allowed ('extra' was unexpected)`],
      [{ type: 'import', input: { import_from: 'file:///x' } }, 'File based imports are not allowed.'],
      [{ type: 'import', input: { import_from: 'swift://x' } }, 'The given uri is not valid.'],
      [
        { type: 'import', input: { import_from: 'http://nowhere.invalid/x' } },
        'URI for legacy import task does not pass filtering: http://nowhere.invalid/x',
      ],
    ])('a new task of %j is 400', async (json, text) => {
      const refused = await scratch.admin.image('POST', '/v2/tasks', { json, headers })
      expectStatus(refused, 400)
      expect(messageOf(refused)).toContain(text)
    })
  })
}
