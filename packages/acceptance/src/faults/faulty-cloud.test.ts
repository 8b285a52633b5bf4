import { expect, test } from 'vitest'
import { faultyCloud, someData } from './faulty-cloud.js'

const bytes = 2_000_000
const middle = 1_000_000

test('an object that is cut on its way there arrives whole with the next request', async () => {
  const cut = { type: 'reset' as const, afterRequestBytes: middle }
  await using at = await faultyCloud({ objectStore: [{ match: { method: 'PUT', path: '/c/o$', nth: 1 }, fault: cut }] })
  const { data } = someData(bytes)
  await at.cloud.objects.createContainer('c')
  const { etag } = await at.cloud.objects.put('c', 'o', data)
  expect(await at.direct.objects.get('c', 'o')).toMatchObject({ bytes, etag })
  const puts = at.objectStore.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith('/c/o'))
  expect(puts.map(({ status }) => status)).toEqual([undefined, 201])
  expect(puts[1]?.bodyBytes).toBe(bytes)
})

test('an object that is cut on its way back is gone on with by the next request', async () => {
  const cut = { type: 'close' as const, afterResponseBytes: middle }
  await using at = await faultyCloud({ objectStore: [{ match: { method: 'GET', path: '/c/o$', nth: 1 }, fault: cut }] })
  const { data } = someData(bytes)
  await at.cloud.objects.createContainer('c')
  const object = await at.cloud.objects.put('c', 'o', data)
  expect(data.equals(Buffer.from(await new Response(object.stream()).arrayBuffer()))).toBe(true)
  const gets = at.objectStore.requests.filter(({ method }) => method === 'GET')
  expect(gets.map(({ path, status }) => [path, status])).toEqual([
    [`/v1/AUTH_${at.cloud.projectId}/c/o`, 200],
    [`/v1/AUTH_${at.cloud.projectId}/c/o`, 206],
  ])
})
