import type { RequestListener } from 'node:http'
import { type FaultServer, startFaultServer } from '@tyrax/testkit'
import { expect, test } from 'vitest'
import { type Cloud, connect } from '@tyrax/sdk'

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const time = '2026-01-01T00:00:00Z'
const wire = (n: number) => ({
  id: id(n),
  name: `image ${n}`,
  status: 'active',
  created_at: time,
  updated_at: time,
  tags: [],
})
const page = (numbers: readonly number[], next?: string) =>
  JSON.stringify({
    images: numbers.map(wire),
    ...(next !== undefined && { next }),
    first: '/v2/images',
    schema: '/v2/schemas/images',
  })

/** An image service with a scripted response to its list, below a path prefix. */
async function scripted(answer: (url: URL) => string | { status: number; body: string }) {
  const handler: RequestListener = (request, response) => {
    const given = answer(new URL(request.url ?? '/', 'http://localhost'))
    const { status, body } = typeof given === 'string' ? { status: 200, body: given } : given
    response.writeHead(status, { 'content-type': 'application/json', 'x-openstack-request-id': 'req-1' }).end(body)
  }
  const faults = await startFaultServer({ handler })
  const cloud = await connect({ authType: 'none', auth: { endpoint: `${faults.url}/image/v2` }, retry: { retries: 0 } })
  return {
    cloud,
    faults,
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await faults.close()
    },
  }
}

const ids = async (cloud: Cloud, params: object = {}) => (await cloud.images.listAll(params)).map((image) => image.id)
const queries = ({ requests }: FaultServer) => requests.map(({ path }) => new URL(path, 'http://localhost'))

test('the query is built anew for each page, with nothing but the marker taken from next', async () => {
  await using scene = await scripted(({ searchParams }) =>
    searchParams.has('marker')
      ? page([3])
      : page([1, 2], `http://evil.example/v2/images?tag=b&marker=${id(2)}&name=my%2Bimg`),
  )
  expect(await ids(scene.cloud, { tag: ['a', 'b'], name: 'my+img&x=1', sort: ['name:asc', 'size:desc'] })).toEqual([
    id(1),
    id(2),
    id(3),
  ])
  const [first, second] = queries(scene.faults)
  expect(first?.pathname).toBe('/image/v2/images')
  expect(second?.pathname).toBe('/image/v2/images')
  expect([...(second?.searchParams ?? [])]).toEqual([...(first?.searchParams ?? []), ['marker', id(2)]])
  expect(first?.searchParams.getAll('tag')).toEqual(['a', 'b'])
  expect(first?.searchParams.get('name')).toBe('eq:my+img&x=1')
  expect(first?.searchParams.get('sort')).toBe('name:asc,size:desc')
})

test('a next without a marker goes on after the last image', async () => {
  await using scene = await scripted(({ searchParams }) =>
    searchParams.has('marker') ? page([2]) : page([1], '/v2/images?limit=1'),
  )
  expect(await ids(scene.cloud)).toEqual([id(1), id(2)])
  expect(queries(scene.faults)[1]?.searchParams.get('marker')).toBe(id(1))
})

test('an empty page with a next one does not end the list', async () => {
  await using scene = await scripted(({ searchParams }) =>
    searchParams.has('marker') ? page([2]) : page([], `/v2/images?marker=${id(1)}`),
  )
  expect(await ids(scene.cloud)).toEqual([id(2)])
})

test('a list that goes in circles is an error', async () => {
  await using scene = await scripted(() => page([1], `/v2/images?marker=${id(1)}`))
  await expect(ids(scene.cloud)).rejects.toMatchObject({ name: 'ListInterruptedError', marker: id(1) })
  expect(scene.faults.requests).toHaveLength(2)
})

test('an image deleted between two pages is an error, not a short list', async () => {
  await using scene = await scripted(({ searchParams }) =>
    searchParams.has('marker')
      ? {
          status: 400,
          body: JSON.stringify({
            message: `No image found with ID ${id(1)}`,
            code: '400 Bad Request',
            title: 'Bad Request',
          }),
        }
      : page([1], `/v2/images?marker=${id(1)}`),
  )
  const seen: string[] = []
  const reading = async () => {
    for await (const image of scene.cloud.images.list()) seen.push(image.id)
  }
  await expect(reading()).rejects.toMatchObject({ name: 'ListInterruptedError', cause: { status: 400 } })
  expect(seen).toEqual([id(1)])
})

test('a bad filter stays a bad request', async () => {
  await using scene = await scripted(() => ({ status: 400, body: JSON.stringify({ message: 'bad size' }) }))
  await expect(scene.cloud.images.list({ marker: id(1) })).rejects.toMatchObject({ name: 'BadRequestError' })
})

test.each(['', '<html>hello</html>', '{"images": [', '[]', '{"images": {}}', '{"images": [7]}', 'null', '\u0000'])(
  'an answer that is %s is an error with the request’s id',
  async (body) => {
    await using scene = await scripted(() => body)
    await expect(scene.cloud.images.list()).rejects.toMatchObject({
      name: 'MalformedResponseError',
      status: 200,
      requestId: 'req-1',
    })
  },
)

test('nothing is sent behind the attributes of a listed image', async () => {
  await using scene = await scripted(() => page([1]))
  const [image] = (await scene.cloud.images.list()).items
  expect(image).toMatchObject({ name: 'image 1', osHashValue: null, minDisk: 0 })
  expect((image as unknown as Record<string, unknown>)['nonsense']).toBeUndefined()
  expect(scene.faults.requests).toHaveLength(1)
})
