import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ConfigError, DataFolderInUse, PortInUse, startCloud } from './index.js'
import { call, login } from './testing/sign-in.js'

let data: string
beforeEach(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'tyrax-start-'))
})
afterEach(() => rm(data, { recursive: true, force: true }))

test('it tells its URLs and a clouds.yaml with every user', async () => {
  await using cloud = await startCloud({ port: 0 })
  expect(cloud.authUrl).toBe(`${cloud.url}/identity/v3`)
  expect(cloud.imageUrl).toBe(`${cloud.url}/image`)
  expect(cloud.objectStoreUrl).toBe(`${cloud.url}/object-store/v1`)
  const { clouds } = parse(cloud.cloudsYaml) as { clouds: Record<string, { auth: Record<string, string> }> }
  expect(Object.keys(clouds)).toEqual(['admin', 'demo'])
  expect(clouds['demo']?.auth).toMatchObject({ auth_url: cloud.authUrl, username: 'demo', password: 'secret' })
})

test('two clouds run side by side and know nothing of each other', async () => {
  await using one = await startCloud({ port: 0 })
  await using other = await startCloud({ port: 0 })
  const { token } = await login(one.authUrl, 'demo')
  const answer = await call('GET', `${other.imageUrl}/v2/images`, { token })
  expect(answer.status).toBe(401)
})

test('images, objects, users and tokens outlive a restart', async () => {
  const first = await startCloud({ port: 0, data })
  const { token, projectId } = await login(first.authUrl, 'demo')
  const image = await call('POST', `${first.imageUrl}/v2/images`, {
    token,
    json: { name: 'kept', disk_format: 'raw', container_format: 'bare' },
  })
  const { id } = image.body as { id: string }
  await call('PUT', `${first.imageUrl}/v2/images/${id}/file`, { token, data: 'the bytes' })
  await call('PUT', `${first.objectStoreUrl}/AUTH_${projectId}/c`, { token })
  await call('PUT', `${first.objectStoreUrl}/AUTH_${projectId}/c/o`, { token, data: 'an object' })
  await first.close()

  await using second = await startCloud({ port: 0, data })
  expect((await login(second.authUrl, 'demo')).projectId).toBe(projectId)
  expect((await call('GET', `${second.imageUrl}/v2/images/${id}/file`, { token })).text).toBe('the bytes')
  expect((await call('GET', `${second.objectStoreUrl}/AUTH_${projectId}/c/o`, { token })).text).toBe('an object')
})

test('a user that left the configuration is let in no more, and its images stay', async () => {
  const user = (name: string) => ({ name, password: 'secret', project: 'shared', roles: ['member'] })
  const first = await startCloud({ port: 0, data, config: { users: [user('old'), user('new')] } })
  const { token } = await login(first.authUrl, 'old', 'shared')
  await call('POST', `${first.imageUrl}/v2/images`, { token, json: { name: 'kept' } })
  await first.close()

  await using second = await startCloud({ port: 0, data, config: { users: [user('new')] } })
  expect((await call('GET', `${second.imageUrl}/v2/images`, { token })).status).toBe(401)
  await expect(login(second.authUrl, 'old', 'shared')).rejects.toThrow('401')
  const now = await login(second.authUrl, 'new', 'shared')
  const images = await call('GET', `${second.imageUrl}/v2/images`, { token: now.token })
  expect((images.body as { images: { name: string }[] }).images.map(({ name }) => name)).toEqual(['kept'])
})

test('a data folder is run by one cloud at a time', async () => {
  const first = await startCloud({ port: 0, data })
  await expect(startCloud({ port: 0, data })).rejects.toThrow(DataFolderInUse)
  await expect(startCloud({ port: 0, data })).rejects.toThrow(`process ${process.pid}: stop that process`)
  expect((await fetch(first.authUrl)).status).toBe(200)
  await first.close()
  await (await startCloud({ port: 0, data })).close()
})

test('a temporary folder is gone after close', async () => {
  // Uses its own temporary folder, because clouds of other tests come and go in the system's.
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = data
  try {
    const cloud = await startCloud({ port: 0 })
    expect(await readdir(data)).toEqual([expect.stringMatching(/^tyrax-cloud-/)])
    await cloud.close()
    await cloud.close()
    expect(await readdir(data)).toEqual([])
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
})

test('a port in use is one clear error, and nothing is left locked', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  await expect(startCloud({ port, data })).rejects.toThrow(PortInUse)
  other.close()
  await (await startCloud({ port: 0, data })).close()
})

test('a configuration with mistakes names each of them before anything is made', async () => {
  const folder = path.join(data, 'new')
  const config = { projects: ['a'], users: [{ name: 'u', password: 'p', project: 'b', roles: ['member'] }] }
  await expect(startCloud({ port: 0, data: folder, config })).rejects.toThrow(
    'users[0].project: "b" is not among projects (a)',
  )
  await expect(startCloud({ port: 0, config: JSON.parse('{"usrs":[]}') as object })).rejects.toThrow(ConfigError)
  expect(await readdir(data)).toEqual([])
})

test('paths that no service has are 404, the root lists the services', async () => {
  await using cloud = await startCloud({ port: 0 })
  expect((await fetch(`${cloud.url}/compute/v2.1`)).status).toBe(404)
  expect((await fetch(`${cloud.url}/images`)).status).toBe(404)
  const root = await fetch(cloud.url)
  expect([root.status, ((await root.json()) as { services: string[] }).services.slice(0, 3)]).toEqual([
    300,
    ['/identity', '/image', '/object-store'],
  ])
})

test('every answer has a request id: the one that was sent, or one of its own', async () => {
  await using cloud = await startCloud({ port: 0 })
  const ask = async (id?: string) => {
    const answer = await call('GET', `${cloud.imageUrl}/versions`, {
      headers: id === undefined ? {} : { 'x-openstack-request-id': id },
    })
    return [answer.status, answer.headers.get('x-openstack-request-id')]
  }
  expect(await ask()).toEqual([200, expect.stringMatching(/^req-[0-9a-f-]{36}$/)])
  expect(await ask('req-mine')).toEqual([200, 'req-mine'])
  expect((await ask('x'.repeat(65)))[0]).toBe(431)
})

test('a sender that goes away leaves the image queued and no file behind', async () => {
  await using cloud = await startCloud({ port: 0, data })
  const { token } = await login(cloud.authUrl, 'demo')
  const image = await call('POST', `${cloud.imageUrl}/v2/images`, {
    token,
    json: { name: 'cut', disk_format: 'raw', container_format: 'bare' },
  })
  const url = `${cloud.imageUrl}/v2/images/${(image.body as { id: string }).id}`
  const status = async () => ((await call('GET', url, { token })).body as { status: string }).status
  const outgoing = request(`${url}/file`, {
    method: 'PUT',
    headers: { 'x-auth-token': token, 'content-type': 'application/octet-stream', 'content-length': '9000000' },
  })
  outgoing.on('error', () => undefined)
  outgoing.write(Buffer.alloc(5_000_000))
  await expect.poll(status).toBe('saving')
  outgoing.destroy()
  await expect.poll(status).toBe('queued')
  expect(await readdir(path.join(data, 'tmp'))).toEqual([])
})

test('a cloud killed during an upload keeps what was there, and the interrupted image is queued again', async () => {
  const script = `
    const { startCloud } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)})
    const cloud = await startCloud({ port: 0, data: ${JSON.stringify(data)} })
    process.stdout.write(JSON.stringify(cloud))
  `
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  const killed = JSON.parse(text.toString()) as { authUrl: string; imageUrl: string }
  const { token } = await login(killed.authUrl, 'demo')
  const create = async (name: string) => {
    const json = { name, disk_format: 'raw', container_format: 'bare' }
    const made = await call('POST', `${killed.imageUrl}/v2/images`, { token, json })
    return (made.body as { id: string }).id
  }
  const whole = await create('whole')
  expect((await call('PUT', `${killed.imageUrl}/v2/images/${whole}/file`, { token, data: 'whole' })).status).toBe(204)
  const half = await create('half')
  const outgoing = request(`${killed.imageUrl}/v2/images/${half}/file`, {
    method: 'PUT',
    headers: { 'x-auth-token': token, 'content-type': 'application/octet-stream', 'content-length': '9000000' },
  })
  outgoing.on('error', () => undefined)
  outgoing.write(Buffer.alloc(5_000_000))
  const temporary = () => readdir(path.join(data, 'tmp'))
  await expect.poll(async () => (await temporary()).length).toBe(1)
  child.kill('SIGKILL')
  await once(child, 'exit')

  await using cloud = await startCloud({ port: 0, data })
  expect(await temporary()).toEqual([])
  const read = async (id: string) => (await call('GET', `${cloud.imageUrl}/v2/images/${id}`, { token })).body
  expect(await read(half)).toMatchObject({ status: 'queued', size: null, checksum: null })
  expect(await read(whole)).toMatchObject({ status: 'active', size: 5 })
  expect((await call('GET', `${cloud.imageUrl}/v2/images/${whole}/file`, { token })).text).toBe('whole')
})
