import { readFile, stat } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as Sdk from '@tyrax/sdk'
import { type EmbeddedCloud, type FaultPlan, startCloud } from '@tyrax/server'
import type { Page } from 'puppeteer-core'
import { browsers, openPage, type PageServer, servePage } from './page.js'
import { compressedFixturePath, fixturePath } from '@tyrax/testkit'

/** The global of the page. Its `connect` is the one for browsers, whose options are a subset of Node's. */
declare const tyrax: typeof Sdk & {
  connect(options: Sdk.CloudOptions & { maxBufferedBytes?: number }): Promise<Sdk.Cloud>
}
/** Defined in the page before the tests. */
declare const signIn: (more?: { maxBufferedBytes?: number }) => Promise<Sdk.Cloud>
declare const blobOf: (mebibytes: number) => Blob

const MiB = 1024 * 1024
const size = 100 * MiB

const upload = { method: 'PUT', path: '^/image/v2/images/[^/]+/file$' }
const breaks: FaultPlan = [{ match: { ...upload, nth: 1 }, fault: { type: 'reset', afterRequestBytes: MiB } }]
const stalls: FaultPlan = [{ match: upload, fault: { type: 'stall', afterRequestBytes: MiB } }]

/**
 * Headers that stock Glance allows with CORS, and those that oslo.middleware always allows (glance/common/config.py).
 */
const stockHeaders = ['x-auth-token', 'x-openstack-request-id', 'accept', 'content-type']

let pages: PageServer
let cloud: EmbeddedCloud
beforeAll(async () => {
  pages = await servePage()
  cloud = await startCloud({ port: 0, cors: [pages.origin] })
})
afterAll(async () => {
  await cloud.close()
  await pages.close()
})

describe.each(Object.keys(browsers) as (keyof typeof browsers)[])('%s', (name) => {
  let opened: Awaited<ReturnType<typeof openPage>>
  let page: Page
  beforeAll(async () => {
    opened = await openPage(name, pages.origin)
    page = opened.page
    await page.evaluate((authUrl) => {
      // As on a page that was not loaded over https.
      Reflect.deleteProperty(Crypto.prototype, 'randomUUID')
      const auth = { authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
      Object.assign(globalThis, {
        signIn: (more: object = {}) => tyrax.connect({ auth, ...more }),
        blobOf(mebibytes: number) {
          const piece = new Uint8Array(1024 * 1024)
          for (let at = 0; at < piece.length; at += 65_536) crypto.getRandomValues(piece.subarray(at, at + 65_536))
          // Never, by chance, the signature of a partition table.
          piece[510] = 0
          return new Blob(
            Array.from({ length: mebibytes }, (_, index) => [String(index).padEnd(16), piece.slice(16)]).flat(),
          )
        },
      })
    }, cloud.authUrl)
  })
  afterAll(() => opened?.close())

  test('100 MB go up with progress, are listed, come down, and are verified both times', async () => {
    const seen = await page.evaluate(async () => {
      const asked = new Set<string>()
      const stock = XMLHttpRequest
      globalThis.XMLHttpRequest = class extends stock {
        override setRequestHeader(name: string, value: string) {
          asked.add(name.toLowerCase())
          super.setRequestHeader(name, value)
        }
      }
      const cloud = await signIn()
      const ups: number[] = []
      const image = await cloud.images.create({
        name: 'large',
        diskFormat: 'raw',
        data: new File([blobOf(100)], 'disk.raw'),
        onProgress: ({ phase, bytes }) => phase === 'upload' && ups.push(bytes),
      })
      globalThis.XMLHttpRequest = stock
      const listed = []
      for await (const each of cloud.images.list()) listed.push(each.name)
      const downs: number[] = []
      const { stream } = await cloud.images.download(image, {
        onProgress: ({ phase, bytes }) => phase === 'download' && downs.push(bytes),
      })
      let bytes = 0
      const reader = stream.getReader()
      for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.byteLength
      await cloud.images.delete(image)
      await cloud.close()
      return { verdict: image.verdict, size: image.size, ups, downs, listed, bytes, asked: [...asked] }
    })
    expect(seen).toMatchObject({ verdict: 'verified', size, bytes: size, listed: ['large'] })
    for (const counts of [seen.ups, seen.downs]) {
      expect(counts.at(-1)).toBe(size)
      expect(counts.toSorted((a, b) => a - b)).toEqual(counts)
      expect(new Set(counts).size).toBeGreaterThan(3)
    }
    expect(seen.asked).toContain('x-auth-token')
    expect(stockHeaders).toEqual(expect.arrayContaining(seen.asked))
  })

  test('an upload that is aborted half-way leaves nothing', async () => {
    const seen = await page.evaluate(async () => {
      const cloud = await signIn()
      const control = new AbortController()
      let reached = 0
      const error = await cloud.images
        .create({
          name: 'aborted',
          diskFormat: 'raw',
          data: blobOf(32),
          signal: control.signal,
          onProgress({ phase, bytes }) {
            if (phase !== 'upload' || bytes < 8 * 1024 * 1024) return
            reached = bytes
            control.abort()
          },
        })
        .then(String, (error: Error) => error.name)
      const left = []
      for await (const each of cloud.images.list()) left.push(each.name)
      await cloud.close()
      return { error, reached, left }
    })
    expect(seen).toMatchObject({ error: 'AbortError', left: [] })
    expect(seen.reached).toBeGreaterThan(0)
  })

  test('a stream is collected up to the limit, and more is refused before anything was made', async () => {
    const seen = await page.evaluate(async () => {
      const cloud = await signIn({ maxBufferedBytes: 4 * 1024 * 1024 })
      const create = (mebibytes: number) =>
        cloud.images.create({ name: `${mebibytes}`, diskFormat: 'raw', data: blobOf(mebibytes).stream() }).then(
          async (image) => {
            await cloud.images.delete(image)
            return { verdict: image.verdict, size: image.size }
          },
          ({ name, message, hint }: Sdk.UsageError) => ({ name, message, hint }),
        )
      const results = [await create(3), await create(5)]
      const left = []
      for await (const each of cloud.images.list()) left.push(each.name)
      await cloud.close()
      return { results, left }
    })
    expect(seen.left).toEqual([])
    expect(seen.results).toEqual([
      { verdict: 'verified', size: 3 * MiB },
      {
        name: 'UsageError',
        message: expect.stringContaining('more than 4194304 bytes'),
        hint: expect.stringContaining('maxBufferedBytes'),
      },
    ])
  })

  test('gzip is undone on its way', async () => {
    const seen = await page.evaluate(async () => {
      const cloud = await signIn()
      const zipped = blobOf(2).stream().pipeThrough(new CompressionStream('gzip'))
      const data = await new Response(zipped).blob()
      const image = await cloud.images.create({ name: 'zipped', diskFormat: 'raw', data })
      await cloud.images.delete(image)
      return { verdict: image.verdict, size: image.size, decompressed: image.decompressed }
    })
    expect(seen).toEqual({ verdict: 'verified', size: 2 * MiB, decompressed: 'gzip' })
  })

  test.each(['xz', 'zst', 'bz2'])('.%s is undone on its way', async (ending) => {
    const file = compressedFixturePath(`disk.${ending}`)
    const seen = await page.evaluate(
      async (packed) => {
        const cloud = await signIn()
        const data = new Blob([Uint8Array.from(packed)])
        const image = await cloud.images.create({ name: 'packed', diskFormat: 'raw', data })
        await cloud.images.delete(image)
        return { verdict: image.verdict, size: image.size }
      },
      [...(await readFile(file))],
    )
    const { size } = await stat(fixturePath('raw-gpt'))
    expect(seen).toEqual({ verdict: 'verified', size })
  })

  test('data that is not what its checksum says is not sent', async () => {
    const seen = await page.evaluate(async () => {
      const cloud = await signIn()
      const checksum = `sha256:${'0'.repeat(64)}`
      const error = await cloud.images
        .create({ name: 'wrong', diskFormat: 'raw', data: blobOf(2), sourceChecksum: checksum })
        .then(String, (error: Error) => error.name)
      const left = []
      for await (const each of cloud.images.list()) left.push(each.name)
      return { error, left }
    })
    expect(seen).toEqual({ error: 'ChecksumMismatch', left: [] })
  })

  test('objects go up from Blobs, bytes and streams, a large stream in segments, and come down', async () => {
    const seen = await page.evaluate(async () => {
      const cloud = await signIn({ maxBufferedBytes: 4 * 1024 * 1024 })
      await cloud.objects.createContainer('c')
      const put = async (name: string, data: Sdk.SourceLike) => {
        const stored = await cloud.objects.put('c', name, data, { metadata: { colour: 'red' } })
        const read = await cloud.objects.get('c', name)
        const bytes = new Uint8Array(await new Response(read.stream()).arrayBuffer())
        return { bytes: bytes.length, first: bytes[0], segments: stored.segmentCount, colour: read.metadata['colour'] }
      }
      return [
        await put('blob', blobOf(2)),
        await put('bytes', new Uint8Array([7, 8])),
        await put('empty', new Blob([])),
        await put('stream', blobOf(1).slice(0, 1000).stream()),
        await put('large', blobOf(5).stream()),
        await put('large-blob', blobOf(6)),
      ]
    })
    const zero = '0'.charCodeAt(0)
    expect(seen).toEqual([
      { bytes: 2 * MiB, first: zero, segments: 0, colour: 'red' },
      { bytes: 2, first: 7, segments: 0, colour: 'red' },
      { bytes: 0, segments: 0, colour: 'red' },
      { bytes: 1000, first: zero, segments: 0, colour: 'red' },
      { bytes: 5 * MiB, first: zero, segments: 5, colour: 'red' },
      { bytes: 6 * MiB, first: zero, segments: 0, colour: 'red' },
    ])
  })

  test('a limit of bytes per second, which no browser keeps, is refused', async () => {
    const seen = await page.evaluate(async () => {
      const cloud = await signIn()
      return cloud.images
        .create({ name: 'slow', diskFormat: 'raw', data: blobOf(1), limitRate: 1000 })
        .then(String, (error: Error) => error.name)
    })
    expect(seen).toBe('UsageError')
  })

  test('a worker uploads as well', async () => {
    const verdict = await page.evaluate(async (authUrl) => {
      const code = `import '${location.origin}/page.js'
        const auth = { authUrl: '${authUrl}', username: 'demo', password: 'secret', projectName: 'demo' }
        const cloud = await tyrax.connect({ auth })
        const image = await cloud.images.create({ name: 'w', diskFormat: 'raw', data: new Blob([new Uint8Array(3e6)]) })
        await cloud.images.delete(image)
        postMessage(image.verdict)`
      const address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
      const worker = new Worker(address, { type: 'module' })
      return new Promise<string>((resolve) => {
        worker.addEventListener('message', ({ data }) => resolve(data as string))
        worker.addEventListener('error', ({ message }) => resolve(`error: ${message}`))
      })
    }, cloud.authUrl)
    expect(verdict).toBe('verified')
  })

  test('an upload whose connection breaks is sent again, one that stalls ends in an idle timeout', async () => {
    await using broken = await startCloud({ port: 0, cors: '*', faults: breaks })
    await using stalled = await startCloud({ port: 0, cors: '*', faults: stalls })
    const seen = await page.evaluate(
      async (first, second) => {
        const create = async (authUrl: string) => {
          const auth = { authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
          const cloud = await tyrax.connect({ auth, retry: { retries: 1 } })
          const timeouts = { idleTimeoutMs: 3000 }
          const data = blobOf(32)
          return cloud.images.create({ name: 'one', diskFormat: 'raw', data, timeouts, settleTimeoutMs: 2000 }).then(
            ({ verdict }) => verdict,
            // The stalled server keeps the image in `saving`, and the error's cause says why it was left there.
            (error: Error) => (error.cause as Sdk.TimeoutError | undefined)?.limit ?? String(error),
          )
        }
        return [await create(first), await create(second)]
      },
      broken.authUrl,
      stalled.authUrl,
    )
    expect(seen).toEqual(['verified', 'idle'])
  })

  test('a wrong password is told from a cloud that does not let the page in', async () => {
    await using closed = await startCloud({ port: 0 })
    const seen = await page.evaluate(
      async (first, second) => {
        const tell = (authUrl: string, password: string) =>
          tyrax
            .connect({ auth: { authUrl, username: 'demo', password, projectName: 'demo' } })
            .then(String, ({ name, message, hint }: Sdk.TyraxError) => ({ name, message, hint }))
        return [await tell(first, 'wrong'), await tell(second, 'secret')]
      },
      cloud.authUrl,
      closed.authUrl,
    )
    expect(seen).toMatchObject([
      { name: 'UnauthorizedError' },
      { name: 'ConnectionError', hint: expect.stringContaining(`tyrax serve --cors ${pages.origin}`) },
    ])
  })
})
