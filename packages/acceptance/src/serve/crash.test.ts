import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, type Cloud } from '@tyrax/sdk'
import { afterEach, expect, test } from 'vitest'
import { randomDisk } from '@tyrax/testkit'
import { filesBelow } from './files-below.js'
import { startServe, type ServeProcess } from './serve-process.js'

const MiB = 1024 * 1024
const folders: string[] = []
const clouds: Cloud[] = []
let server: ServeProcess | undefined

afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()))
  await server?.stop()
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

async function serve(data: string, ...more: readonly string[]): Promise<Cloud> {
  server = await startServe('--data', data, ...more)
  const cloud = await connect({
    auth: {
      authUrl: server.authUrl,
      username: 'demo',
      password: 'secret',
      projectName: 'demo',
      userDomainName: 'Default',
      projectDomainName: 'Default',
    },
  })
  clouds.push(cloud)
  return cloud
}

/** Sends the beginning of an image's data and resolves once it is on the server's disk; the rest is never sent. */
async function beginUpload(cloud: Cloud, imageUrl: string, id: string, data: string): Promise<void> {
  const put = request(`${imageUrl}/v2/images/${id}/file`, {
    method: 'PUT',
    headers: {
      'x-auth-token': (await cloud.token()) ?? '',
      'content-type': 'application/octet-stream',
      'content-length': String(64 * MiB),
    },
  })
  put.on('error', () => {})
  put.write(randomDisk(16 * MiB))
  for (;;) {
    const sizes = [...(await filesBelow(data)).values()]
    const { status } = await cloud.images.get(id)
    if (status === 'saving' && sizes.some((size) => size >= 8 * MiB)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a server killed in the middle of an upload loses nothing that was whole and keeps nothing that was not', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'tyrax-crash-'))
  folders.push(data)
  const before = await serve(data)
  const bytes = randomDisk(3 * MiB)
  const sha512 = createHash('sha512').update(bytes).digest('hex')
  const whole = await before.images.create({ name: 'whole', diskFormat: 'raw', data: bytes, tags: ['kept'] })
  const half = await before.images.create({ name: 'half', diskFormat: 'raw' })
  await beginUpload(before, server?.imageUrl ?? '', half.id, data)
  await server?.kill()

  const after = await serve(data)
  const [kept, interrupted] = [await after.images.get(whole.id), await after.images.get(half.id)]
  expect(kept).toMatchObject({ status: 'active', osHashValue: sha512, tags: ['kept'], size: 3 * MiB })
  expect(interrupted).toMatchObject({ status: 'queued', size: null, checksum: null, osHashValue: null })
  const { path: copy } = await after.images.download(whole.id, { to: path.join(data, 'copy') })
  const sizes = await filesBelow(data)
  expect(sizes.get(path.basename(copy))).toBe(3 * MiB)
  expect([...sizes.values()].filter((size) => size >= 8 * MiB)).toEqual([])

  // The interrupted upload can be repeated, under its own id.
  const again = await after.images.upload(half.id, bytes)
  expect([again.image.status, again.verdict]).toEqual(['active', 'verified'])
})

test('an upload outlives the server: killed in its middle and started again, it has the image, once, verified', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'tyrax-crash-'))
  folders.push(data)
  const cloud = await serve(data)
  const { port } = new URL(server?.authUrl ?? '')
  const bytes = randomDisk(6 * MiB)
  let back: Promise<unknown> | undefined
  const restart = async () => {
    await server?.kill()
    server = await startServe('--data', data, '--port', port)
  }
  const image = await cloud.images.create({
    name: 'outlived',
    diskFormat: 'raw',
    data: bytes,
    limitRate: 8 * MiB,
    onProgress({ phase, bytes: sent }) {
      if (phase === 'upload' && sent > 2 * MiB) back ??= restart()
    },
  })
  await back
  const sha512 = createHash('sha512').update(bytes).digest('hex')
  expect(image).toMatchObject({ status: 'active', verdict: 'verified', osHashValue: sha512, size: 6 * MiB })
  expect((await cloud.images.listAll()).map(({ id }) => id)).toEqual([image.id])
})

test('a server told to stop ends with 0 and leaves its data for the next one', async () => {
  const data = await mkdtemp(path.join(tmpdir(), 'tyrax-crash-'))
  folders.push(data)
  const before = await serve(data)
  const { id } = await before.images.create({ name: 'kept', diskFormat: 'raw', data: randomDisk(1000) })
  expect(await server?.stop()).toBe(0)
  const after = await serve(data)
  expect((await after.images.get(id)).status).toBe('active')
})
