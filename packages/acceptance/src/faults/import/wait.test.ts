import { expect, test } from 'vitest'
import { failure } from '../faulty-cloud.js'
import { imageId, scriptedGlance, wireImage, wireTask } from './scripted-glance.js'

const route = `GET /images/${imageId}`
const tasks = `${route}/tasks`
const running = wireImage({
  status: 'importing',
  os_glance_import_task: 'task-1',
  os_glance_importing_to_stores: 'fast',
  os_glance_failed_import: '',
})
const active = wireImage({ status: 'active', size: 10, stores: 'fast', os_glance_failed_import: '' })
const quick = { intervalMs: 5, timeoutMs: 30_000 }

test('I2: an image that goes back to queued has failed, with the message of its task', async () => {
  await using under = await scriptedGlance({
    [route]: [running, wireImage({ os_glance_importing_to_stores: '', os_glance_failed_import: 'fast' })],
    [tasks]: [
      { tasks: [wireTask()] },
      { tasks: [wireTask()] },
      { tasks: [wireTask({ status: 'failure', message: 'the disk is full' })] },
    ],
  })
  const error = await failure(under.cloud.images.wait(imageId, quick))
  expect(error).toMatchObject({
    name: 'ImportFailedError',
    status: 'queued',
    taskMessage: 'the disk is full',
    failedStores: ['fast'],
    message: expect.stringMatching(/queued.*fast.*the disk is full/) as string,
  })
})

test('I2: a copy that ends between the look at the image and that at its task is told as it ended', async () => {
  const copying = {
    os_glance_import_task: 'task-1',
    os_glance_importing_to_stores: 'cheap',
    os_glance_failed_import: '',
  }
  await using under = await scriptedGlance({
    [route]: [
      wireImage({ status: 'active', size: 10, stores: 'fast', ...copying }),
      { ...active, stores: 'fast,cheap' },
    ],
    [tasks]: [{ tasks: [wireTask({ status: 'success' })] }],
  })
  expect(await under.cloud.images.wait(imageId, quick)).toMatchObject({
    storeResults: [
      { store: 'fast', status: 'success' },
      { store: 'cheap', status: 'success' },
    ],
  })
})

test('I2: a server without tasks tells at least that it failed', async () => {
  await using under = await scriptedGlance({ [route]: [wireImage({ status: 'importing' }), wireImage()] })
  const error = await failure(under.cloud.images.wait(imageId, quick))
  expect(error).toMatchObject({ name: 'ImportFailedError', status: 'queued' })
})

test('I2: an import that failed before anybody waited is no reason to wait', async () => {
  await using under = await scriptedGlance({
    [route]: [wireImage({ os_glance_failed_import: 'fast' })],
    [tasks]: [{ tasks: [wireTask({ status: 'failure', message: 'no route to host' })] }],
  })
  const error = await failure(under.cloud.images.wait(imageId, quick))
  expect(error).toMatchObject({ name: 'ImportFailedError', taskMessage: 'no route to host' })
})

test.each(['queued', 'uploading', 'importing', 'saving'])(
  'I3: an image that stays %s ends the wait at its deadline, with the last state',
  async (status) => {
    await using under = await scriptedGlance({ [route]: [wireImage({ status })], [tasks]: [{ tasks: [] }] })
    const error = await failure(under.cloud.images.wait(imageId, { intervalMs: 5, timeoutMs: 100 }))
    expect(error).toMatchObject({ name: 'TimeoutError', limit: 'deadline', timeoutMs: 100 })
    expect((error as Error).message).toContain(`it is ${status}`)
  },
)

test('I3: polls of a server that is gone do not outlast the deadline', async () => {
  await using under = await scriptedGlance({ [route]: [running, running], [tasks]: [{ tasks: [wireTask()] }] })
  const waiting = failure(under.cloud.images.wait(imageId, { intervalMs: 5, timeoutMs: 300 }))
  await expect.poll(() => under.requests.length).toBeGreaterThan(2)
  await under.stop()
  expect(await waiting).toMatchObject({ name: 'TimeoutError', message: expect.stringContaining('importing') as string })
  await under.restart()
})

test('I3: an import that stands still is given up without a deadline, and says how far it came', async () => {
  await using under = await scriptedGlance({
    [route]: [running],
    [tasks]: [{ tasks: [wireTask({ message: 'Copied 12 MiB' })] }],
  })
  const bytes: number[] = []
  const waiting = under.cloud.images.wait(imageId, {
    intervalMs: 5,
    stuckMs: 300,
    onProgress: (progress) => void bytes.push(progress.bytes),
  })
  const error = await failure(waiting)
  expect(error).toMatchObject({ name: 'TimeoutError', timeoutMs: 300 })
  expect((error as Error).message).toMatch(/stands still: importing, still to be copied to fast.*Copied 12 MiB/)
  expect(bytes.at(-1)).toBe(12 * 2 ** 20)
})

test.each([401, 408, 429, 500, 502, 503, 504])('I7: four polls that see %d do not end the wait', async (status) => {
  await using under = await scriptedGlance({
    [route]: [running, status, status, status, status, active],
    [tasks]: [{ tasks: [wireTask()] }, { tasks: [wireTask({ status: 'success' })] }],
  })
  // Without a deadline, too.
  expect(await under.cloud.images.wait(imageId, { intervalMs: 5 })).toMatchObject({ status: 'active' })
})

test('I7: a server that restarts does not end the wait', async () => {
  const state = { image: running as Record<string, unknown>, status: 'processing' }
  await using under = await scriptedGlance({
    [route]: () => state.image,
    [tasks]: () => ({ tasks: [wireTask({ status: state.status })] }),
  })
  const waiting = under.cloud.images.wait(imageId, { intervalMs: 50 })
  await expect.poll(() => under.requests.length).toBeGreaterThan(2)
  await under.stop()
  await new Promise((resolve) => setTimeout(resolve, 200))
  Object.assign(state, { image: active, status: 'success' })
  await under.restart()
  expect(await waiting).toMatchObject({ status: 'active' })
})

test('I7: a 404 means that the image was deleted while waiting', async () => {
  await using under = await scriptedGlance({ [route]: [running, 404], [tasks]: [{ tasks: [wireTask()] }] })
  const error = await failure(under.cloud.images.wait(imageId, quick))
  expect(error).toMatchObject({ name: 'ImageStatusError', status: 'deleted' })
  await using other = await scriptedGlance({ [route]: [running, 404], [tasks]: [{ tasks: [wireTask()] }] })
  const gone = await other.cloud.images.wait(imageId, { ...quick, for: 'deleted' })
  expect(gone).toMatchObject({ status: 'deleted' })
})

test('I7: an image that was never there is not found', async () => {
  await using under = await scriptedGlance({ [route]: [404] })
  expect(await failure(under.cloud.images.wait(imageId, quick))).toMatchObject({ name: 'NotFoundError' })
})

test.each(['killed', 'deactivated', 'pending_delete'])('I9: an image that is %s ends the wait', async (status) => {
  await using under = await scriptedGlance({
    [route]: [running, wireImage({ status })],
    [tasks]: [{ tasks: [wireTask()] }],
  })
  const error = await failure(under.cloud.images.wait(imageId, quick))
  expect(error).toMatchObject({ name: 'ImageStatusError', status })
  expect((error as Error).message).toContain(`is ${status}`)
})

test('I9: an unknown status is reported, and waited on', async () => {
  const strange = wireImage({ status: 'transmogrifying' })
  await using under = await scriptedGlance({ [route]: [strange, strange, active] })
  const seen: string[] = []
  await under.cloud.images.wait(imageId, { ...quick, onPoll: ({ status }) => void seen.push(status) })
  expect(seen).toEqual(['transmogrifying', 'transmogrifying', 'active'])
  await using never = await scriptedGlance({ [route]: [strange] })
  const error = await failure(never.cloud.images.wait(imageId, { intervalMs: 5, timeoutMs: 50 }))
  expect((error as Error).message).toContain('it is transmogrifying')
})

test('an active image is waited for as long as an import copies it to other stores', async () => {
  const copying = wireImage({
    status: 'active',
    stores: 'fast',
    os_glance_import_task: 'task-1',
    os_glance_importing_to_stores: 'cheap',
    os_glance_failed_import: '',
  })
  const copied = wireImage({ status: 'active', stores: 'fast,cheap', os_glance_failed_import: 'swift' })
  await using under = await scriptedGlance({
    [route]: [copying, copying, copied],
    [tasks]: [{ tasks: [wireTask()] }, { tasks: [wireTask()] }, { tasks: [wireTask({ status: 'success' })] }],
  })
  const image = await under.cloud.images.wait(imageId, quick)
  expect(image.storeResults).toEqual([
    { store: 'fast', status: 'success' },
    { store: 'cheap', status: 'success' },
    { store: 'swift', status: 'failure' },
  ])
  expect(image.task).toMatchObject({ id: 'task-1', status: 'success' })
})

test('a thousand waits poll with few requests at once, and all of them end', async () => {
  const polls = new Map<string, number>()
  await using under = await scriptedGlance({
    'GET *'(path) {
      if (path.endsWith('/tasks')) return { tasks: [] }
      const count = (polls.get(path) ?? 0) + 1
      polls.set(path, count)
      return wireImage({ id: path.split('/').at(-1), status: count < 3 ? 'saving' : 'active' })
    },
  })
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  const waits = Array.from({ length: 1000 }, (_, index) =>
    under.cloud.images.wait(`image-${index}`, { timeoutMs: 120_000 }),
  )
  await expect.poll(() => under.requests.length, { timeout: 60_000 }).toBeGreaterThan(500)
  expect(timers() - before).toBeLessThan(100)
  const images = await Promise.all(waits)
  expect(images.every(({ status }) => status === 'active')).toBe(true)
  expect(under.most).toBeLessThanOrEqual(16)
}, 180_000)
