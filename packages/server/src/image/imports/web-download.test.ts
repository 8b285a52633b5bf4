import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'
import { waitForTasks } from '../testing/wait-for-task.js'

let cloud: ImageCloud
let folder: string
let web: string
const held = new Set<() => void>()
const pages: Record<string, RequestListener> = {
  '/image': (_request, response) => response.end('bytes of the web'),
  '/chunked': (_request, response) => {
    response.write('bytes of ')
    response.end('the web')
  },
  '/moved': (_request, response) => response.writeHead(302, { location: '/image' }).end(),
  '/loop': (_request, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/away': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/secret?token=x' }).end(),
  '/error': (_request, response) => response.writeHead(503).end(),
  '/short': (_request, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('too little')
    setImmediate(() => response.destroy())
  },
  '/endless': (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    }
    response.on('drain', more)
    more()
  },
  '/silent': (_request, response) => {
    response.writeHead(200).write('a little')
  },
  '/held': (_request, response) => {
    response.writeHead(200).write('held ')
    held.add(() => response.end('back'))
  },
}
const server = createServer((request, response) => {
  const page = pages[request.url ?? '']
  if (page === undefined) response.writeHead(404).end('not here')
  else page(request, response)
})

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-web-'))
  cloud = await startImageCloud(
    {
      stores: [{ id: 'cheap' }, { id: 'fast', default: true }, { id: 'sealed', readOnly: true }, { id: 'slow' }],
      importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] },
      importIdleSeconds: 2,
      quotas: { imageSizeCapBytes: 8_000_000 },
    },
    folder,
  )
})
afterAll(async () => {
  await cloud.close()
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const namesIn = (name: string) => readdir(path.join(folder, name), { recursive: true }).catch(() => [])
const fileCount = async () => (await namesIn('blobs')).filter((name) => name.length > 'ab'.length).length
const download = (id: string, page: string, rest: Record<string, unknown> = {}) =>
  cloud.demo.call('POST', `/v2/images/${id}/import`, {
    json: { method: { name: 'web-download', uri: web + page }, ...rest },
  })

test.each(['/image', '/chunked', '/moved'])('the bytes of %s come into every store', async (page) => {
  const id = await cloud.demo.create({ mine: 'kept' })
  expect((await download(id, page, { all_stores: true })).status).toBe(202)
  expect(await waitForTasks(cloud, id)).toMatchObject([{ status: 'success', message: 'Copied 0 MiB' }])
  expect(await cloud.demo.read(id)).toMatchObject({
    status: 'active',
    size: 16,
    stores: 'cheap,fast,slow',
    mine: 'kept',
    os_glance_failed_import: '',
    os_glance_importing_to_stores: '',
  })
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).text).toBe('bytes of the web')
})

test.each([
  ['/nowhere', 'HTTP 404'],
  ['/error', 'HTTP 503'],
  ['/loop', 'More than 10 redirects'],
  ['/away', 'Redirect to disallowed URL: http://169.254.169.254/secret'],
  ['/short', 'the connection ended before the whole body had arrived'],
  ['/endless', 'The incoming image is too large'],
  ['/silent', 'has sent nothing for 2 seconds'],
])('a download of %s fails the task, and nothing remains of it', async (page, reason) => {
  const before = await fileCount()
  const id = await cloud.demo.create({ mine: 'kept' })
  expect((await download(id, page, { stores: ['fast', 'cheap'] })).status).toBe(202)
  const [task] = await waitForTasks(cloud, id)
  expect(task).toMatchObject({ status: 'failure', result: null, message: expect.stringContaining(reason) as string })
  expect(task?.message).not.toContain('token=x')
  const image = await cloud.demo.read(id)
  expect(image).toMatchObject({
    status: 'queued',
    size: null,
    mine: 'kept',
    os_glance_failed_import: 'cheap,fast',
    os_glance_importing_to_stores: '',
  })
  expect(image).not.toHaveProperty('os_glance_import_task')
  expect(await fileCount()).toBe(before)
  await expect.poll(() => namesIn('tmp'), { timeout: 30_000 }).toEqual([])
  await download(id, '/image')
  expect((await waitForTasks(cloud, id)).at(-1)).toMatchObject({ status: 'success' })
  expect(await cloud.demo.read(id)).toMatchObject({ status: 'active', os_glance_failed_import: 'cheap' })
})

test('a URL that the filter refuses is 400, and no task begins', async () => {
  const id = await cloud.demo.create()
  const refusal = async (uri: unknown) => {
    const json = { method: { name: 'web-download', uri } }
    const { status, text } = await cloud.demo.call('POST', `/v2/images/${id}/import`, { json })
    return [status, text]
  }
  const refused = (uri: string) => [
    400,
    expect.stringContaining(`URI for web-download does not pass filtering: ${uri}`),
  ]
  for (const uri of ['http://localhost/x', 'ftp://127.0.0.1/x', 'http://does-not-exist.invalid/x', 'nothing']) {
    expect(await refusal(uri)).toEqual(refused(uri))
  }
  expect(await refusal(undefined)).toEqual(refused('None'))
  expect(await refusal(5)).toEqual(refused('5'))
  expect((await cloud.demo.call('GET', `/v2/images/${id}/tasks`)).body).toEqual({ tasks: [] })
})

test('a store that cannot take the data fails the import, unless the others suffice', async () => {
  const [strict, lenient] = [await cloud.demo.create(), await cloud.demo.create()]
  const stores = ['sealed', 'cheap']
  await download(strict, '/image', { stores })
  await download(lenient, '/image', { stores, all_stores_must_succeed: false })
  expect(await waitForTasks(cloud, strict)).toMatchObject([{ status: 'failure' }])
  expect(await waitForTasks(cloud, lenient)).toMatchObject([{ status: 'success' }])
  expect(await cloud.demo.read(strict)).toMatchObject({ status: 'queued', os_glance_failed_import: 'sealed' })
  expect(await cloud.demo.read(lenient)).toMatchObject({
    status: 'active',
    stores: 'cheap',
    os_glance_failed_import: 'sealed',
    os_glance_importing_to_stores: '',
  })
  const none = await cloud.demo.create()
  await download(none, '/image', { stores: ['sealed'], all_stores_must_succeed: false })
  expect(await waitForTasks(cloud, none)).toMatchObject([
    { status: 'failure', message: 'None of the uploads finished!' },
  ])
  expect(await cloud.demo.read(none)).toMatchObject({ status: 'queued', os_glance_failed_import: 'sealed' })
})

test('while an import runs, the image shows its task, and cannot be given other data', async () => {
  const id = await cloud.demo.create()
  await download(id, '/held', { stores: ['fast', 'cheap'] })
  await expect.poll(() => held.size, { timeout: 30_000 }).toBe(1)
  const image = await cloud.demo.read(id)
  expect(image).toMatchObject({ status: 'importing', os_glance_importing_to_stores: 'cheap,fast' })
  const { tasks } = (await cloud.demo.call('GET', `/v2/images/${id}/tasks`)).body as { tasks: { id: string }[] }
  expect(tasks).toMatchObject([{ id: image['os_glance_import_task'], status: 'processing', expires_at: null }])
  const again = await download(id, '/image')
  expect([again.status, again.text]).toEqual([409, expect.stringContaining(`Image needs to be in 'queued' state`)])
  expect((await cloud.demo.upload(id, 'x')).status).toBe(409)
  const patch = await cloud.demo.call('PATCH', `/v2/images/${id}`, {
    json: [{ op: 'remove', path: '/os_glance_import_task' }],
    headers: { 'content-type': 'application/openstack-images-v2.1-json-patch' },
  })
  expect(patch.status).toBe(403)
  for (const release of held) release()
  held.clear()
  expect(await waitForTasks(cloud, id)).toMatchObject([{ status: 'success' }])
  expect((await cloud.demo.call('GET', `/v2/images/${id}/file`)).text).toBe('held back')
})

test('an image that is deleted during its import is gone with its bytes, and its task says so', async () => {
  const before = await fileCount()
  const id = await cloud.demo.create()
  await download(id, '/held')
  await expect.poll(() => held.size, { timeout: 30_000 }).toBe(1)
  expect((await cloud.demo.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
  await expect.poll(fileCount, { timeout: 30_000 }).toBe(before)
  held.clear()
})

test('an admin copies an active image into further stores; it stays active', async () => {
  const id = await cloud.demo.create()
  await cloud.demo.upload(id, 'copied')
  const copy = (json: Record<string, unknown>, user: 'admin' | 'demo' = 'admin') =>
    cloud[user].call('POST', `/v2/images/${id}/import`, { json: { method: { name: 'copy-image' }, ...json } })
  expect((await copy({ stores: ['slow'] }, 'demo')).status).toBe(403)
  const present = await copy({ stores: ['fast'] })
  expect([present.status, present.text]).toEqual([400, expect.stringContaining(`already present at store 'fast'`)])
  const sealed = await copy({ stores: ['slow', 'sealed'] })
  expect(sealed.status).toBe(202)
  expect(await waitForTasks(cloud, id)).toMatchObject([{ status: 'failure' }])
  expect(await cloud.demo.read(id)).toMatchObject({
    status: 'active',
    stores: 'fast',
    os_glance_failed_import: 'sealed',
  })
  expect((await copy({ all_stores: true })).status).toBe(202)
  await waitForTasks(cloud, id)
  const image = await cloud.demo.read(id)
  expect(image).toMatchObject({ status: 'active', stores: 'fast,cheap,slow', os_glance_importing_to_stores: '' })
  expect((await copy({ all_stores: true })).status).toBe(202)
  const { tasks } = (await cloud.demo.call('GET', `/v2/images/${id}/tasks`)).body as { tasks: unknown[] }
  expect(tasks).toEqual([])
  const file = await cloud.demo.call('GET', `/v2/images/${id}/file?prefer=slow`)
  expect(file.text).toBe('copied')
  const queued = await cloud.admin.create()
  const refused = await cloud.admin.call('POST', `/v2/images/${queued}/import`, {
    json: { method: { name: 'copy-image' } },
  })
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('Only images with status active')])
})

test('a task that waits for its turn holds its image, and a server that closes ends it', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'tyrax-web-'))
  try {
    const options = { importFilter: { allowedHosts: ['127.0.0.1'], allowedPorts: [] } }
    const first = await startImageCloud(options, place)
    const ids: string[] = []
    const json = { method: { name: 'web-download', uri: `${web}/silent` } }
    for (let each = 0; each < 17; each += 1) {
      const id = await first.demo.create()
      ids.push(id)
      expect((await first.demo.call('POST', `/v2/images/${id}/import`, { json })).status).toBe(202)
    }
    const last = ids.at(-1) ?? ''
    expect(await first.demo.read(last)).toMatchObject({ status: 'queued' })
    expect((await first.demo.call('GET', `/v2/images/${last}/tasks`)).body).toMatchObject({
      tasks: [{ status: 'pending' }],
    })
    const again = await first.demo.call('POST', `/v2/images/${last}/import`, { json })
    expect([again.status, again.text]).toEqual([409, expect.stringContaining('Image has active task')])
    await first.close()
    const second = await startImageCloud(options, place)
    for (const id of ids) {
      expect(await waitForTasks(second, id)).toMatchObject([{ status: 'failure', message: 'The server was stopped.' }])
      expect(await second.demo.read(id)).toMatchObject({ status: 'queued', size: null })
      expect(await second.demo.read(id)).not.toHaveProperty('os_glance_import_task')
    }
    await second.close()
  } finally {
    await rm(place, { recursive: true, force: true })
  }
})
