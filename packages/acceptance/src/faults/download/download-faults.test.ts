import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startCloud } from '@tyrax/server'
import { randomDisk, startFaultServer } from '@tyrax/testkit'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Cloud, connect, type Image } from '@tyrax/sdk'

type Plan = NonNullable<NonNullable<Parameters<typeof startFaultServer>[0]>['plan']>

let server: Awaited<ReturnType<typeof startCloud>>
let direct: Cloud
let image: Image
let folder: string
const data = randomDisk(2_000_000)

beforeAll(async () => {
  server = await startCloud({ port: 0 })
  direct = await login()
  image = await direct.images.create({ name: 'download', diskFormat: 'raw', data })
})
afterAll(async () => {
  await direct?.close()
  await server?.close()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tyrax-download-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

function login(imageEndpointOverride?: string): Promise<Cloud> {
  return connect({
    auth: { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' },
    imageEndpointOverride,
    retry: { delayMs: 1 },
    timeouts: { idleTimeoutMs: 2000 },
  })
}

async function faulty(fault: Plan[number]['fault']) {
  const match = { method: 'GET', path: '/file$' }
  const faults = await startFaultServer({ upstream: new URL(server.authUrl).origin, plan: [{ match, fault }] })
  const cloud = await login(`${faults.url}/image/v2`)
  return {
    cloud,
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await faults.close()
    },
  }
}

async function drain(stream: ReadableStream<Uint8Array>): Promise<number> {
  let bytes = 0
  for await (const chunk of stream) bytes += chunk.byteLength
  return bytes
}

test.each<[string, Plan[number]['fault'], object]>([
  ['a bit is wrong', { type: 'corrupt', atResponseByte: 1_234_567 }, { name: 'IntegrityError', what: 'sha512' }],
  ['it is too long', { type: 'extend', bytes: 1 }, { name: 'IntegrityError', what: 'size' }],
  ['there is none', { type: 'status', status: 204 }, { name: 'ImageStatusError' }],
])('a download is an error when %s, and there is no file', async (_what, fault, error) => {
  await using scene = await faulty(fault)
  const streamed = async () => drain((await scene.cloud.images.download(image)).stream)
  await expect(streamed()).rejects.toMatchObject(error)
  await expect(scene.cloud.images.download(image, { to: join(folder, 'u.img') })).rejects.toMatchObject(error)
  expect(await readdir(folder)).toEqual([])
})

test.each<[string, Plan[number]['fault']]>([
  ['is too short, and says so nowhere', { type: 'truncate', afterResponseBytes: 1_000_000 }],
  ['breaks off', { type: 'reset', afterResponseBytes: 1_000_000 }],
  ['ends early', { type: 'close', afterResponseBytes: 1_000_000 }],
  ['stops moving', { type: 'stall', afterResponseBytes: 1_000_000 }],
])('a stream that %s goes on behind the last byte', async (_what, fault) => {
  await using scene = await faulty(fault)
  expect(await drain((await scene.cloud.images.download(image)).stream)).toBe(data.byteLength)
})

test('numbers that cannot be are refused before anything is asked for', async () => {
  for (const options of [{ concurrency: 0 }, { concurrency: 1.5 }, { retries: -1 }, { idleTimeoutMs: Number.NaN }]) {
    await expect(direct.images.download(image, options)).rejects.toMatchObject({ name: 'UsageError' })
  }
})

test('a download that the caller stops leaves what can be gone on with, and says so; nothing without resume', async () => {
  await using scene = await faulty({ type: 'trickle', bytesPerSecond: 200_000, direction: 'response' })
  const stopped = (resume: boolean) => {
    const control = new AbortController()
    return scene.cloud.images.download(image, {
      to: join(folder, 'u.img'),
      resume,
      signal: control.signal,
      onProgress: ({ bytes }) => bytes > 0 && control.abort(),
    })
  }
  await expect(stopped(true)).rejects.toMatchObject({ name: 'AbortError', hint: expect.stringContaining('again') })
  expect((await readdir(folder)).toSorted()).toEqual(['u.img.part', 'u.img.part.json'])
  await expect(stopped(false)).rejects.toMatchObject({
    name: 'AbortError',
    hint: expect.stringContaining('nothing is left at'),
  })
  expect(await readdir(folder)).toEqual([])
})

test('a stream that is cancelled ends the transfer', async () => {
  const { stream } = await direct.images.download(image)
  const reader = stream.getReader()
  await reader.read()
  await reader.cancel()
  expect(await drain((await direct.images.download(image)).stream)).toBe(data.byteLength)
})
