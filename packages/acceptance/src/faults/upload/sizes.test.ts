import { open } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { fromFile, fromStream } from '@tyrax/sdk'
import { failure, faultyCloud, someData } from '../faulty-cloud.js'
import { leftOvers, raw } from './scene.js'
import { startSink } from './sink.js'

test.each([0, 1])('U17: %d bytes are uploaded and verified', async (size) => {
  await using under = await faultyCloud({})
  const image = await under.cloud.images.create({ ...raw, data: new Uint8Array(size), force: true })
  expect(image).toMatchObject({ status: 'active', size, verdict: 'verified' })
})

test.each([2 ** 31 - 1, 2 ** 31, 2 ** 32, 5 * 2 ** 30 + 1])(
  'U17: %d bytes of a sparse file arrive to the byte, their size declared, in constant memory',
  { timeout: 1_200_000 },
  async (size) => {
    await using under = await faultyCloud({})
    await using sink = await startSink()
    const name = path.join(under.folder, 'sparse.raw')
    await using handle = await open(name, 'w')
    await handle.truncate(size)
    const cloud = await under.another({ imageEndpointOverride: sink.url })
    const before = process.memoryUsage().rss
    let peak = before
    const onProgress = () => {
      peak = Math.max(peak, process.memoryUsage().rss)
    }
    const image = await cloud.images.create({ ...raw, data: fromFile(name), onProgress })
    // The sink computes no hash, so only the size is compared.
    expect(image).toMatchObject({ status: 'active', size, verdict: 'unverifiable' })
    expect(sink.received).toEqual({ bytes: size, contentLength: String(size), declaredSize: String(size) })
    expect(peak - before).toBeLessThan(500 * 2 ** 20)
  },
)

test.each([-1, 1])(
  'U17: a size that is declared wrong by %d is refused on this side, and nothing is left',
  async (by) => {
    await using under = await faultyCloud({})
    const source = fromStream(Readable.from([someData(100_000).data]), { size: 100_000 + by })
    expect(await failure(under.cloud.images.create({ ...raw, data: source }))).toMatchObject({ name: 'SourceError' })
    expect(await leftOvers(under)).toEqual([])
  },
)

test.each([-1, 1])('U17: a size header that is changed by %d on its way is refused by the server', async (by) => {
  await using under = await faultyCloud({})
  const { id } = await under.direct.images.create({ ...raw })
  const { data } = someData(100_000)
  const answer = await fetch(`${under.image.url}/v2/images/${id}/file`, {
    method: 'PUT',
    headers: {
      'x-auth-token': String(await under.direct.token()),
      'content-type': 'application/octet-stream',
      'x-openstack-image-size': String(data.byteLength + by),
    },
    body: data,
  })
  expect(answer.status).toBe(400)
  await answer.body?.cancel()
  expect((await under.direct.images.get(id)).status).toBe('queued')
})

test('U17: a server that says it stored one byte less is not believed', async () => {
  await using under = await faultyCloud({})
  await using sink = await startSink({ miscount: -1 })
  const cloud = await under.another({ imageEndpointOverride: sink.url })
  expect(await failure(cloud.images.create({ ...raw, data: someData(1000).data }))).toMatchObject({
    name: 'IntegrityError',
    what: 'size',
  })
})
