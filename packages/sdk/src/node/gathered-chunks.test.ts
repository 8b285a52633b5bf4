import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { eachChunk } from './content-encoding.js'
import { gatheredChunks } from './gathered-chunks.js'
import { createGatheringBuffers, type GatheringBuffers } from './gathering-buffers.js'

const MiB = 1024 * 1024

async function* pieces(data: Uint8Array, size: (at: number) => number) {
  for (let at = 0; at < data.byteLength; at += size(at)) yield data.subarray(at, at + size(at))
}

test.each([
  ['small', () => 1000],
  ['of changing sizes', (at: number) => 1 + (at % 300_007)],
  ['larger than what is gathered', () => 5 * MiB],
])('chunks that are %s become large ones, in memory that is used in turn', async (_what, size) => {
  const data = randomBytes(12 * MiB + 3)
  const used = new Set<ArrayBufferLike>()
  const held: Uint8Array[] = []
  let at = 0
  for await (const chunk of gatheredChunks(pieces(data, size), undefined)) {
    used.add(chunk.buffer)
    held.push(chunk)
    at += chunk.byteLength
    // The reader still has the last three.
    const from = held.slice(-3).reduce((sum, { byteLength }) => sum + byteLength, 0)
    expect(Buffer.concat(held.slice(-3)).equals(data.subarray(at - from, at))).toBe(true)
  }
  expect(at).toBe(data.byteLength)
  expect(used.size).toBe(4)
})

test('what arrives slowly is passed on before the memory is full, and small pieces share it', async () => {
  async function* slow() {
    for (let count = 0; count < 6; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60))
      yield Buffer.alloc(10, count)
    }
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of gatheredChunks(slow(), undefined)) chunks.push(chunk)
  expect(chunks.length).toBeGreaterThan(1)
  expect(Buffer.concat(chunks)).toEqual(Buffer.concat([0, 1, 2, 3, 4, 5].map((count) => Buffer.alloc(10, count))))
  expect(new Set(chunks.map(({ buffer }) => buffer)).size).toBe(1)
})

/** What a socket with gathering buffers receives of these bytes. */
async function received(sent: Uint8Array, buffers: GatheringBuffers) {
  const server = createServer((peer) => peer.end(sent)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket: Socket = connect({ port, host: '127.0.0.1', onread: buffers.onread(() => socket) })
  return {
    chunks: eachChunk(socket),
    async [Symbol.asyncDispose]() {
      socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

test('what is in gathering buffers is passed on where it is, and its memory is read into again', async () => {
  const sent = randomBytes(64 * MiB)
  const buffers = createGatheringBuffers()
  await using socket = await received(sent, buffers)
  const used = new Set<ArrayBufferLike>()
  const held: Uint8Array[] = []
  let at = 0
  for await (const chunk of gatheredChunks(socket.chunks, buffers)) {
    expect(buffers.hold(chunk)).toBe(true)
    used.add(chunk.buffer)
    held.push(chunk)
    at += chunk.byteLength
    const last = Buffer.concat(held.slice(-3))
    expect(last.equals(sent.subarray(at - last.byteLength, at))).toBe(true)
  }
  expect(at).toBe(sent.byteLength)
  expect(used.size).toBeLessThan(16)
})

test('bytes from elsewhere stay in their place among those in gathering buffers', async () => {
  const sent = randomBytes(4 * MiB)
  const buffers = createGatheringBuffers()
  await using socket = await received(sent, buffers)
  const extra = Buffer.from('from elsewhere')
  async function* mixed() {
    for await (const chunk of socket.chunks) {
      yield extra
      yield chunk.subarray(0, 1)
      yield extra
      yield chunk.subarray(1)
    }
  }
  const expected: Buffer[] = []
  const copies: Buffer[] = []
  async function* noted() {
    for await (const chunk of mixed()) {
      expected.push(Buffer.from(chunk))
      yield chunk
    }
  }
  for await (const chunk of gatheredChunks(noted(), buffers)) copies.push(Buffer.from(chunk))
  expect(Buffer.concat(copies).equals(Buffer.concat(expected))).toBe(true)
})

test('the memory of small chunks is not reused while a socket may still have to send them, even with several readers', async () => {
  const sent = randomBytes(12 * MiB)
  const buffers = createGatheringBuffers()
  const extra = Buffer.from('x')
  async function* inPieces(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.byteLength; at += 5000) {
        yield chunk.subarray(at, at + 5000)
        // Ends the chunk before it.
        yield extra
      }
    }
  }
  const read = async () => {
    await using socket = await received(sent, buffers)
    const waiting: { readonly chunk: Uint8Array; readonly copy: Buffer }[] = []
    let bytes = 0
    for await (const chunk of gatheredChunks(inPieces(socket.chunks), buffers)) {
      waiting.push({ chunk, copy: Buffer.from(chunk) })
      bytes += chunk.byteLength
      for (let [first] = waiting; first && bytes > 64 * 1024; [first] = waiting) {
        if (!first.copy.equals(first.chunk)) return false
        waiting.shift()
        bytes -= first.chunk.byteLength
      }
    }
    return true
  }
  expect(await Promise.all([read(), read(), read()])).toEqual([true, true, true])
})
