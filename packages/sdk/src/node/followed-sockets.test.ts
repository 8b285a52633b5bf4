import { expect, test } from 'vitest'
import { netServer } from '../testing/net-server.js'
import { chunks, transportRequest } from '../testing/transport-request.js'
import { queueLength } from './followed-sockets.js'
import { createUndiciTransport } from './undici-transport.js'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000
   1: 0100007F:C350 0100007F:1F90 01 0000A001:00000007 01:00000014 00000000
   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000
   3: 0100007F:C351 0200007F:1F90 01 00000001:00000000 00:00000000 00000000
   4: 0100007F:C351 0300007F:1F90 01 00000002:00000000 00:00000000 00000000
`

test('the send queue of a connection is found by its two ports, and not guessed', () => {
  expect(queueLength(table, 50_000, 8080)).toBe(0xa001)
  expect(queueLength(table, 8080, 50_000)).toBe(0)
  expect(queueLength(table, 50_001, 8080)).toBeUndefined()
  expect(queueLength(table, 1, 2)).toBeUndefined()
})

const timeouts = { connectTimeoutMs: 60_000, headersTimeoutMs: 400, idleTimeoutMs: 400 }

test.runIf(process.platform === 'linux')(
  'a server that reads slowly is not one that stopped, however much the kernel holds',
  async () => {
    const size = 6 * 1024 * 1024
    // Small receive buffers and slow reading: with each step, the sender's socket is not writable for a while.
    await using server = await netServer((socket) => {
      let read = 0
      socket.pause()
      const step = setInterval(() => {
        const chunk = socket.read() as Buffer | null
        read += chunk?.byteLength ?? 0
        if (read < size) return
        clearInterval(step)
        socket.end('HTTP/1.1 204 No Content\r\n\r\n')
      }, 110)
      socket.on('close', () => clearInterval(step))
    })
    const transport = createUndiciTransport({ proxy: false })
    const body = { stream: chunks(6, 1024 * 1024), size }
    const slow = { ...timeouts, headersTimeoutMs: 5000, idleTimeoutMs: 5000 }
    const response = await transport.send(transportRequest(server.url, { method: 'PUT', body, timeouts: slow }))
    expect(response.status).toBe(204)
    await transport.close()
  },
)

test('a server that stopped reading is found out, with as little in memory as in flight', async () => {
  await using server = await netServer((socket) => socket.pause())
  const transport = createUndiciTransport({ proxy: false })
  let taken = 0
  const stream = (async function* () {
    for await (const chunk of chunks(1000, 1024 * 1024)) {
      taken += chunk.byteLength
      yield chunk
    }
  })()
  const sending = transport.send(transportRequest(server.url, { method: 'PUT', body: { stream }, timeouts }))
  await expect(sending).rejects.toMatchObject({ name: 'TimeoutError', limit: 'idle' })
  expect(taken).toBeLessThan(64 * 1024 * 1024)
  await transport.close()
})
