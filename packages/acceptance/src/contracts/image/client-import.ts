import { createHash } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Cloud, type ImportOptions, type ImportResult } from '@tyrax/sdk'
import { randomDisk } from '@tyrax/testkit'
import { contractSuite } from '../scratch.js'
import type { Account, ContractTarget } from '../target.js'

const sha512 = (data: Uint8Array) => createHash('sha512').update(data).digest('hex')

/** Staging, imports and waiting for them, as the client does them on any cloud with several stores. */
export function clientImportContract(makeTarget: () => Promise<ContractTarget>): void {
  contractSuite('client-import', makeTarget, (scratch) => {
    let demo: Cloud
    let admin: Cloud
    let web: Awaited<ReturnType<typeof serve>>
    const data = randomDisk(3_000_000)

    const open = ({ username, password, projectName }: Account) =>
      connect({ auth: { authUrl: scratch.target.authUrl, username, password, projectName } })
    const record = async (diskFormat: string | null = null) => {
      const image = await demo.images.create({ name: scratch.name(), diskFormat })
      scratch.track(scratch.demo, image.id)
      return image
    }
    const failure = async (promise: PromiseLike<unknown>): Promise<unknown> => {
      try {
        return { didNotFail: await promise }
      } catch (error) {
        return error
      }
    }
    const imported = async (options: ImportOptions): Promise<ImportResult> =>
      demo.images.import(await record(), { wait: true, timeoutMs: 60_000, ...options })
    const expectUntouched = async (id: string) =>
      expect(await demo.images.get(id)).toMatchObject({ status: 'queued', diskFormat: null })

    beforeAll(async () => {
      demo = await open(scratch.demo)
      admin = await open(scratch.admin)
      web = await serve({
        '/disk.raw': (_, response) => response.setHeader('content-length', data.length).end(data),
        '/disk.raw.gz': (_, response) => response.end(gzipSync(data)),
        '/moved': (_, response) => response.writeHead(302, { location: '/disk.raw' }).end(),
        '/page': (_, response) => response.setHeader('content-type', 'text/html').end('<html>not here</html>'),
        '/page.img': (_, response) => response.end('<!DOCTYPE html><html><body>not here</body></html>'),
        '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
        '/short': (_, response) => {
          response.setHeader('content-length', data.length + 1000)
          response.write(data, () => response.destroy())
        },
      })
    })
    afterAll(async () => {
      await demo?.close()
      await admin?.close()
      await web?.close()
    })

    test('stores are listed with what they are, and the methods with their names', async () => {
      const stores = await demo.images.stores.list()
      expect(stores.filter(({ isDefault }) => isDefault).map(({ id }) => id)).toEqual(['fast'])
      expect(stores.map(({ id }) => id)).toContain('cheap')
      const detail = await admin.images.stores.detail()
      expect(detail.find(({ id }) => id === 'cheap')).toMatchObject({ type: 'file', weight: 0 })
      expect(await failure(demo.images.stores.detail())).toMatchObject({ name: 'ForbiddenError' })
      expect(await demo.images.importMethods()).toEqual(
        expect.arrayContaining(['glance-direct', 'web-download', 'copy-image']),
      )
    })

    test('staged data is imported into several stores, and its hash is the one that was sent', async () => {
      const image = await record()
      const staged = await demo.images.stage(image, data)
      expect(staged).toMatchObject({ bytes: data.length, sha512: sha512(data) })
      expect(staged.image).toMatchObject({ status: 'uploading', size: data.length, diskFormat: 'raw' })
      const again = await failure(demo.images.stage(image, data))
      expect(again).toMatchObject({ name: 'ImageStatusError', status: 'uploading' })
      const result = await demo.images.import(image, {
        method: 'glance-direct',
        stores: ['cheap', 'fast'],
        wait: true,
        timeoutMs: 60_000,
      })
      expect(result).toMatchObject({ isDone: true, method: 'glance-direct', task: { status: 'success' } })
      expect(result.image).toMatchObject({ status: 'active', osHashValue: sha512(data) })
      expect(result.storeResults).toEqual([
        { store: 'cheap', status: 'success' },
        { store: 'fast', status: 'success' },
      ])
      const { stream } = await demo.images.download(image, { prefer: ['fast', 'cheap'] })
      expect(sha512(new Uint8Array(await new Response(stream).arrayBuffer()))).toBe(sha512(data))
      const unknown = demo.images.download(image, { prefer: ['nowhere'] })
      expect(await failure(unknown.then(({ stream: none }) => new Response(none).arrayBuffer()))).toMatchObject({
        name: 'BadRequestError',
      })
    })

    test('data for several stores is staged and imported, and verified afterwards', async () => {
      const result = await imported({ source: data, stores: ['fast', 'cheap'] })
      expect(result).toMatchObject({ via: 'direct', method: 'glance-direct', verdict: 'verified', refused: [] })
      expect(result.reason).toMatch(/several stores/)
    })

    test('data for one store is uploaded, since that is one step', async () => {
      const result = await imported({ source: data, stores: ['cheap'] })
      expect(result).toMatchObject({ via: 'upload', isDone: true, verdict: 'verified' })
      expect(result.image.stores).toBe('cheap')
    })

    test('an address is looked at, and downloaded by the server', async () => {
      const result = await imported({ uri: `${web.url}/moved`, stores: ['cheap', 'fast'] })
      expect(result).toMatchObject({
        via: 'web',
        method: 'web-download',
        isDone: true,
        verdict: 'unverifiable',
        seen: { url: `${web.url}/disk.raw`, size: data.length, diskFormat: 'raw' },
      })
      expect(result.image).toMatchObject({ status: 'active', size: data.length, osHashValue: sha512(data) })
      expect(result.storeResults?.map(({ status }) => status)).toEqual(['success', 'success'])
    })

    test('an import that is not waited for is waited for later', async () => {
      const result = await demo.images.import(await record(), { uri: `${web.url}/disk.raw` })
      expect(result).toMatchObject({ via: 'web', isDone: false })
      const seen: number[] = []
      const image = await demo.images.wait(result.image, {
        timeoutMs: 60_000,
        onProgress: ({ bytes }) => void seen.push(bytes),
      })
      expect(image).toMatchObject({ status: 'active', osHashValue: sha512(data) })
      const [task] = await demo.images.tasks.list(image)
      expect(task).toMatchObject({ type: 'api_image_import', status: 'success', imageId: image.id })
      expect(task?.expiresAt).toBeInstanceOf(Date)
      expect(await admin.images.tasks.get(task?.id ?? '')).toMatchObject({ status: 'success', imageId: image.id })
      expect(await failure(demo.images.tasks.get(task?.id ?? ''))).toMatchObject({ name: 'ForbiddenError' })
      const { items } = await admin.images.tasks.all({ status: 'success', limit: 1 })
      expect(items).toMatchObject([{ status: 'success', message: '' }])
    })

    test('compressed data, and data with a checksum, is sent from here', async () => {
      const compressed = await imported({ uri: `${web.url}/disk.raw.gz` })
      expect(compressed).toMatchObject({ via: 'upload', verdict: 'verified', decompressed: 'gzip' })
      expect(compressed.reason).toMatch(/compressed with gzip/)
      const checked = await imported({ uri: `${web.url}/disk.raw`, sourceChecksum: `sha512:${sha512(data)}` })
      expect(checked).toMatchObject({ via: 'upload', sourceChecksum: { verdict: 'verified' } })
      const image = await record()
      const named = demo.images.import(image, { uri: `${web.url}/disk.raw.gz`, via: 'web' })
      expect(await failure(named)).toMatchObject({ name: 'UsageError' })
      await expectUntouched(image.id)
    })

    test.each([
      ['/missing', 'SourceError', /404/],
      ['/page', 'SourceError', /HTML/],
      ['/page.img', 'DiskImageRefused', /HTML/],
      ['/loop', 'SourceError', /redirect/i],
    ])('what is at %s is refused before anything is changed', async (path, name, message) => {
      const image = await record()
      const error = await failure(demo.images.import(image, { uri: web.url + path, wait: true }))
      expect(error).toMatchObject({ name, message: expect.stringMatching(message) as string })
      await expectUntouched(image.id)
    })

    test('data in another format than the declared one is refused before anything is changed', async () => {
      const image = await record('qcow2')
      const error = await failure(demo.images.import(image, { uri: `${web.url}/disk.raw` }))
      expect(error).toMatchObject({ name: 'DiskFormatMismatch' })
      expect(await demo.images.tasks.list(image)).toEqual([])
    })

    test('a download that fails ends the wait with its task, and the record can be used again', async () => {
      const image = await record('raw')
      const options = { via: 'web', preflight: false, wait: true, timeoutMs: 60_000 } as const
      const error = await failure(demo.images.import(image, { ...options, uri: `${web.url}/missing` }))
      expect(error).toMatchObject({ name: 'ImportFailedError', status: 'queued', imageId: image.id })
      expect(error).toMatchObject({ failedStores: ['fast'], hint: expect.stringMatching(/404/) as string })
      const [task] = await demo.images.tasks.list(image)
      expect(error).toMatchObject({ taskId: task?.id, taskMessage: task?.message })
      // Others who wait learn about it too, whenever they begin.
      expect(await failure(demo.images.wait(image, { timeoutMs: 60_000 }))).toMatchObject({ name: 'ImportFailedError' })
      const result = await demo.images.import(image, { ...options, uri: `${web.url}/disk.raw` })
      expect(result.image).toMatchObject({ status: 'active', size: data.length })
    })

    test('a download that ends early is no image', async () => {
      const image = await record()
      const error = await failure(demo.images.import(image, { uri: `${web.url}/short`, via: 'web', wait: true }))
      expect(error).toMatchObject({ name: 'ImportFailedError', status: 'queued' })
      expect((await demo.images.get(image)).status).toBe('queued')
    })

    test('an active image is copied to another store by an administrator, and taken out of one', async () => {
      const { image } = await imported({ source: data, stores: ['fast'] })
      const copy = { method: 'copy-image', stores: ['cheap'], wait: true, timeoutMs: 60_000 } as const
      expect(await failure(demo.images.import(image, copy))).toMatchObject({ name: 'ForbiddenError' })
      const result = await admin.images.import(image, copy)
      expect(result).toMatchObject({ via: undefined, method: 'copy-image', isDone: true })
      expect(result.storeResults).toContainEqual({ store: 'cheap', status: 'success' })
      expect((await demo.images.get(image)).stores).toBe('fast,cheap')
      await admin.images.stores.deleteFrom(image, 'fast')
      expect((await demo.images.get(image)).stores).toBe('cheap')
      expect(await failure(admin.images.stores.deleteFrom(image, 'cheap'))).toMatchObject({ name: 'ForbiddenError' })
      expect(await failure(admin.images.stores.deleteFrom(image, 'fast'))).toMatchObject({ name: 'ForbiddenError' })
    })

    test('an unknown store is refused by the server, and what was staged stays', async () => {
      const image = await record()
      const error = await failure(demo.images.import(image, { source: data, stores: ['fast', 'nowhere'], wait: true }))
      expect(error).toMatchObject({ name: 'ConflictError', hint: expect.stringMatching(/staged/) as string })
      expect((await demo.images.get(image)).status).toBe('uploading')
    })

    test('a method needs its status, and is not tried without it', async () => {
      const image = await record('raw')
      for (const options of [{ method: 'glance-direct' }, { method: 'copy-image', allStores: true }]) {
        expect(await failure(demo.images.import(image, options))).toMatchObject({ name: 'ImageStatusError' })
      }
      const { image: active } = await imported({ source: data })
      const again = demo.images.import(active, { uri: `${web.url}/disk.raw` })
      expect(await failure(again)).toMatchObject({ name: 'ImageStatusError', status: 'active' })
      expect(await failure(demo.images.import(image, { method: 'no-such-method' }))).toMatchObject({ status: 400 })
    })
  })
}

async function serve(pages: Readonly<Record<string, RequestListener>>) {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? '']
    if (page) page(request, response)
    else response.writeHead(404).end('not found')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
