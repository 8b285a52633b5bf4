import { expect, test } from 'vitest'
import { failure, faultyCloud } from '../faulty-cloud.js'

const list = { method: 'GET', path: '^/v2/images([?]|$)' } as const
const json = { 'content-type': 'application/json' }
const time = '2026-01-01T00:00:00Z'
const record = (more: object) => ({ status: 'active', tags: [], created_at: time, updated_at: time, ...more })

test.each([
  [400, 'Invalid marker'],
  [404, 'No image found with ID'],
])('M1: a marker that is gone (%d) is an error that says so, not a short list', async (status, message) => {
  const body = JSON.stringify({ message })
  await using under = await faultyCloud({
    image: [{ match: { method: 'GET', path: 'marker=' }, fault: { type: 'status', status, headers: json, body } }],
  })
  for (const name of ['a', 'b', 'c']) await under.direct.images.create({ name })
  const read = async () => {
    for await (const image of under.cloud.images.list({ limit: 1 })) expect(image.id).toBeTruthy()
  }
  expect(await failure(read())).toMatchObject({ name: 'ListInterruptedError' })
})

test('M1: an empty page with a next one does not end the list', async () => {
  await using under = await faultyCloud({
    image: [
      {
        match: { ...list, nth: 1 },
        fault: { type: 'body', headers: json, body: JSON.stringify({ images: [], next: '/v2/images?marker=x' }) },
      },
      {
        match: { ...list, nth: 2 },
        fault: {
          type: 'body',
          status: 200,
          headers: json,
          body: JSON.stringify({ images: [record({ id: 'y', name: 'last' })] }),
        },
      },
    ],
  })
  expect((await under.cloud.images.listAll()).map(({ name }) => name)).toEqual(['last'])
})

test('M2: unknown fields, unknown values, missing sizes and huge numbers are kept as they are', async () => {
  const huge = Number.MAX_SAFE_INTEGER
  const images = [
    record({ id: 'a', name: null, size: null, virtual_size: null, disk_format: 'qcow9', status: 'dreaming' }),
    record({ id: 'b', name: 'b', size: huge, visibility: 'friends', brand_new: { deep: [1] } }),
  ]
  await using under = await faultyCloud({
    image: [{ match: list, fault: { type: 'body', headers: json, body: JSON.stringify({ images }) } }],
  })
  const [first, second] = await under.cloud.images.listAll()
  expect(first).toMatchObject({ name: null, size: null, diskFormat: 'qcow9', status: 'dreaming' })
  expect(second).toMatchObject({ size: huge, visibility: 'friends' })
  expect(JSON.stringify(second)).toContain('{"deep":[1]}')
})
