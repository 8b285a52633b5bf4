import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { gatheredChunks } from './gathered-chunks.js'
import { createReceiveBuffers } from './receive-buffers.js'

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

test('the memory that bytes arrived in is given back', async () => {
  const sent = randomBytes(16 * MiB)
  const server = createServer((peer) => peer.end(sent)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const buffers = createReceiveBuffers()
  const { port } = server.address() as AddressInfo
  const socket: Socket = connect({
    port,
    host: '127.0.0.1',
    onread: buffers.onread(() => socket),
  })
  const used = new Set<ArrayBufferLike>()
  async function* received() {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      if (chunk.byteLength >= 64 * 1024) used.add(chunk.buffer)
      yield chunk
    }
  }
  const hashed: Buffer[] = []
  for await (const chunk of gatheredChunks(received(), buffers)) hashed.push(Buffer.from(chunk))
  server.close()
  expect(Buffer.concat(hashed).equals(sent)).toBe(true)
  expect(used.size).toBeLessThan(40)
})
