import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createReceiveBuffers, type ReceiveBuffers } from './receive-buffers.js'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A socket connected to a server that sends data with `talk`. */
async function listen(talk: (peer: Socket) => void, buffers: ReceiveBuffers) {
  const server = createServer((peer) => {
    ends.push(() => peer.destroy())
    peer.on('error', () => undefined)
    talk(peer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket: Socket = connect({
    port: (server.address() as AddressInfo).port,
    host: '127.0.0.1',
    onread: buffers.onread(() => socket),
  })
  ends.push(() => {
    socket.destroy()
    server.close()
  })
  return socket
}

test('what is given back is read into again, and every byte arrives', async () => {
  const sent = randomBytes(32 * 1024 * 1024)
  const buffers = createReceiveBuffers()
  const socket = await listen((peer) => peer.end(sent), buffers)
  const used = new Set<ArrayBufferLike>()
  let at = 0
  let lent = 0
  socket.on('data', (chunk: Buffer) => {
    expect(chunk.equals(sent.subarray(at, at + chunk.byteLength))).toBe(true)
    at += chunk.byteLength
    if (chunk.byteLength >= 64 * 1024) {
      used.add(chunk.buffer)
      lent += 1
    }
    buffers.giveBack(chunk.subarray(0, 10))
    buffers.giveBack(chunk.subarray(10))
  })
  await once(socket, 'end')
  expect(at).toBe(sent.byteLength)
  expect(lent).toBeGreaterThan(10)
  expect(used.size).toBeLessThan(10)
})

test('what is not given back, or not all of it, is never read into again', async () => {
  const sent = randomBytes(8 * 1024 * 1024)
  const buffers = createReceiveBuffers()
  const socket = await listen((peer) => peer.end(sent), buffers)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    if (chunks.length % 2 === 0) buffers.giveBack(chunk.subarray(1))
  })
  await once(socket, 'end')
  expect(Buffer.concat(chunks).equals(sent)).toBe(true)
})

test('pieces that are small take no more memory than they need', async () => {
  const buffers = createReceiveBuffers()
  const socket = await listen((peer) => {
    let left = 50
    const send = () => {
      left -= 1
      if (left === 0) peer.end()
      else peer.write('x'.repeat(100), () => setTimeout(send, 1))
    }
    send()
  }, buffers)
  socket.setNoDelay()
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'end')
  expect(Buffer.concat(chunks).toString()).toBe('x'.repeat(4900))
  // Node may place several small copies in the same buffer.
  const held = [...new Set(chunks.map(({ buffer }) => buffer))]
  expect(held.reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThanOrEqual(128 * 1024)
})

test('a reader that pauses holds the sender up, and misses nothing', async () => {
  const sent = randomBytes(16 * 1024 * 1024)
  const buffers = createReceiveBuffers()
  const socket = await listen((peer) => peer.end(sent), buffers)
  const chunks: Buffer[] = []
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    if (chunks.length < 20) await new Promise((resolve) => setTimeout(resolve, 2))
    expect(socket.readableLength).toBeLessThanOrEqual(256 * 1024)
  }
  expect(Buffer.concat(chunks).equals(sent)).toBe(true)
})
