import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SourceError } from '../errors/transfer-errors.js'
import { UsageError } from '../errors/tyrax-error.js'
import { fromBlob } from './blob-source.js'
import { fromBytes } from './bytes-source.js'
import type { Source } from './source.js'
import { fromStream } from './stream-source.js'
import { toSource } from './to-source.js'
import { fromUrl } from '../node/sources/url-source.js'

async function readAll(source: Source, start?: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source.open({ start })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/u.img`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const bytes = Buffer.from('abcdefghij')

test('bytes and blobs are read from anywhere, as often as wanted', async () => {
  for (const source of [fromBytes(bytes), fromBlob(new Blob([bytes]))]) {
    expect(source).toMatchObject({ size: 10, replayable: true })
    expect(Buffer.from(await source.peek(3)).toString()).toBe('abc')
    expect((await readAll(source)).toString()).toBe('abcdefghij')
    expect((await readAll(source, 7)).toString()).toBe('hij')
  }
})

test('a stream gives what was peeked at again, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array()), fc.nat(20), async (chunks, length) => {
      const whole = Buffer.concat(chunks)
      const source = fromStream(Readable.from(chunks))
      expect(Buffer.from(await source.peek(length)).equals(whole.subarray(0, length))).toBe(true)
      expect((await readAll(source)).equals(whole)).toBe(true)
    }),
  )
})

test('a web stream is a source too, and is read once', async () => {
  const source = fromStream(new Blob([bytes]).stream())
  expect(source).toMatchObject({ replayable: false, size: undefined })
  expect((await readAll(source)).toString()).toBe('abcdefghij')
  await expect(readAll(source)).rejects.toThrow(/only once/)
})

test.each([9, 11])('a stream of 10 bytes that was declared to have %i is an error', async (size) => {
  await expect(readAll(fromStream(Readable.from([bytes]), { size }))).rejects.toThrow(/declared/)
})

test('a stream that breaks, or gives text, is an error that says so', async () => {
  const broken = async function* () {
    yield bytes
    throw new Error('the cable was pulled')
  }
  await expect(readAll(fromStream(broken()))).rejects.toMatchObject({
    name: 'SourceError',
    cause: { message: 'the cable was pulled' },
  })
  const words = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue('text' as unknown as Uint8Array)
      controller.close()
    },
  })
  await expect(readAll(fromStream(words))).rejects.toThrow(/bytes were expected/)
})

test('an address is fetched once for looking and reading, and again for a second reading', async () => {
  let requests = 0
  await using server = await serve((_request, response) => {
    requests += 1
    response.writeHead(200, { 'content-length': 10, etag: '"1"' }).end(bytes)
  })
  const source = fromUrl(server.url)
  await source.prepare()
  expect(source).toMatchObject({ size: 10, replayable: true })
  expect(Buffer.from(await source.peek(4)).toString()).toBe('abcd')
  expect((await readAll(source)).toString()).toBe('abcdefghij')
  expect(requests).toBe(1)
  expect((await readAll(source)).toString()).toBe('abcdefghij')
  expect(requests).toBe(2)
})

test('an address that gives something else the second time is an error', async () => {
  let version = 0
  await using server = await serve((_request, response) => {
    version += 1
    response.writeHead(200, { etag: `"${version}"` }).end(bytes)
  })
  const source = fromUrl(server.url)
  await readAll(source)
  await expect(readAll(source)).rejects.toThrow(/changed between two readings/)
})

test.each<[string, RequestListener, RegExp]>([
  ['a missing page', (_request, response) => response.writeHead(404).end('no'), /returned 404/],
  [
    'a web page',
    (_request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>'),
    /HTML page/,
  ],
])('%s is refused before anything is made', async (_what, listener, message) => {
  await using server = await serve(listener)
  await expect(fromUrl(server.url).prepare()).rejects.toThrow(message)
})

test('an address that breaks off is an error', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write(bytes, () => response.destroy())
  })
  await expect(readAll(fromUrl(server.url))).rejects.toBeInstanceOf(SourceError)
})

test('an address that nobody answers at is an error that says why, without its secrets', async () => {
  const source = fromUrl('http://user:secret@127.0.0.1:9/u.img?signature=secret')
  const error = await source.prepare().catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(SourceError)
  expect(String(error)).not.toContain('secret')
})

test.each(['u.img', 'ftp://host/u.img'])('%s is no address to fetch', (address) => {
  expect(() => fromUrl(address)).toThrow(UsageError)
})

test.each<[string, unknown]>([
  ['a path', 'u.img'],
  ['a number', 7],
  ['an object', {}],
  ['null', null],
])('%s is no data', (_what, data) => {
  expect(() => toSource(data as Uint8Array)).toThrow(UsageError)
})
