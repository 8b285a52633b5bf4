import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startImageCloud, type ImageCloud } from '../testing/image-cloud.js'

const mebibyte = 1024 ** 2
const quotas = { imageSizeTotalMiB: 4, imageCountTotal: 4, imageStageTotalMiB: 9 }

let folder: string
let cloud: ImageCloud
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tyrax-usage-'))
  cloud = await startImageCloud({ quotas }, folder)
})
afterAll(async () => {
  await cloud.close()
  await rm(folder, { recursive: true, force: true })
})

const usage = async (user = cloud.demo) => {
  const { body } = await user.call('GET', '/v2/info/usage')
  return body['usage'] as Record<string, { usage: number; limit: number }>
}
const used = async () => Object.fromEntries(Object.entries(await usage()).map(([name, each]) => [name, each.usage]))

test('usage follows images and their bytes, for each project alone, and a start counts it again', async () => {
  const { demo } = cloud
  const [first, second] = [await demo.create(), await demo.create()]
  await cloud.alt.create()
  await demo.upload(first, Buffer.alloc(2 * mebibyte))
  await demo.upload(second, Buffer.alloc(1.5 * mebibyte))
  expect(await usage()).toEqual({
    image_size_total: { usage: 3, limit: 4 },
    image_stage_total: { usage: 0, limit: 9 },
    image_count_total: { usage: 2, limit: 4 },
    image_count_uploading: { usage: 0, limit: -1 },
  })
  expect((await usage(cloud.alt))['image_count_total']?.usage).toBe(1)
  await cloud.close()
  cloud = await startImageCloud({ quotas }, folder)
  expect(await used()).toMatchObject({ image_size_total: 3, image_count_total: 2 })
  await cloud.demo.call('DELETE', `/v2/images/${first}`)
  expect(await used()).toMatchObject({ image_size_total: 1, image_count_total: 1 })
  await cloud.demo.call('DELETE', `/v2/images/${second}`)
  expect(await used()).toMatchObject({ image_size_total: 0, image_count_total: 0 })
})

test('an image that changes its owner counts for the new one', async () => {
  const id = await cloud.demo.create()
  await cloud.demo.upload(id, Buffer.alloc(mebibyte))
  const json = [{ op: 'replace', path: '/owner', value: cloud.alt.projectId }]
  const headers = { 'content-type': 'application/openstack-images-v2.1-json-patch' }
  expect((await cloud.admin.call('PATCH', `/v2/images/${id}`, { json, headers })).status).toBe(200)
  expect(await used()).toMatchObject({ image_size_total: 0, image_count_total: 0 })
  expect((await usage(cloud.alt))['image_size_total']?.usage).toBe(1)
})

test('a project beyond its quota is told which', async () => {
  const { demo } = cloud
  const message = (name: string, limit: number, usage: number, delta: number) =>
    `Project ${demo.projectId} is over a limit for [Resource ${name} is over limit of ${limit} due to current usage ` +
    `${usage} and delta ${delta}]`
  const ids = [await demo.create(), await demo.create(), await demo.create(), await demo.create()]
  const more = await demo.call('POST', '/v2/images', { json: {} })
  expect([more.status, more.body['message']]).toEqual([
    413,
    expect.stringContaining(message('image_count_total', 4, 4, 1)),
  ])
  const [id = ''] = ids
  const large = await demo.upload(id, Buffer.alloc(5 * mebibyte))
  expect([large.status, large.body['message']]).toEqual([
    413,
    expect.stringContaining(message('image_size_total', 4, 0, 5)),
  ])
  expect((await demo.upload(id, Buffer.alloc(4 * mebibyte + 5))).status).toBe(204)
  expect((await demo.upload(ids[1] ?? '', 'x')).status).toBe(204)
  expect((await demo.upload(ids[2] ?? '', Buffer.alloc(mebibyte))).status).toBe(413)
  expect(await demo.read(ids[2] ?? '')).toMatchObject({ status: 'queued' })
})

test('uploads at the same time have a quota, too', async () => {
  const small = await startImageCloud({ quotas: { imageCountUploading: 1 } })
  try {
    const { demo } = small
    const [first, second] = [await demo.create(), await demo.create()]
    let finish: () => void = () => undefined
    const slow = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from('x'))
        finish = () => controller.close()
      },
    })
    const uploading = demo.upload(first, slow)
    await expect.poll(async () => (await demo.read(first))['status'], { timeout: 20_000 }).toBe('saving')
    expect((await demo.upload(second, 'x')).status).toBe(413)
    expect(await demo.read(second)).toMatchObject({ status: 'queued' })
    finish()
    expect((await uploading).status).toBe(204)
    expect((await demo.upload(second, 'x')).status).toBe(204)
  } finally {
    await small.close()
  }
})
