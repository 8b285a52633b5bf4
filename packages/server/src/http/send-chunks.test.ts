import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { sendChunks } from './send-chunks.js'

async function serve(answer: (outgoing: ServerResponse) => Promise<void>) {
  let answered: Promise<void> | undefined
  const server = createServer((_incoming, outgoing) => {
    answered = answer(outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const asked = request({ port, host: '127.0.0.1', agent: false }).end()
  const [incoming] = (await once(asked, 'response')) as [IncomingMessage]
  return {
    incoming,
    answered: () => answered,
    [Symbol.dispose]() {
      asked.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}

test('two buffers in turn are enough, and every byte arrives', async () => {
  const data = randomBytes(20_000_000)
  const memory = [1, 2].map(() => Buffer.alloc(500_000))
  async function* inTurn() {
    for (let at = 0; at < data.length; at += 500_000) {
      const into = memory[(at / 500_000) % 2] as Buffer
      data.copy(into, 0, at)
      yield into
    }
  }
  using at = await serve((outgoing) => sendChunks(outgoing, inTurn()))
  expect((await buffer(at.incoming)).equals(data)).toBe(true)
  await at.answered()
})

test('reading stops when the client disconnects', async () => {
  let isClosed = false
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(100_000)
    } finally {
      isClosed = true
    }
  }
  using at = await serve((outgoing) => sendChunks(outgoing, endless()))
  await once(at.incoming, 'readable')
  at.incoming.destroy()
  await at.answered()
  expect(isClosed).toBe(true)
})

test('a reading that fails closes the connection before the end', async () => {
  async function* failing() {
    // The first has been sent by the time that a third is asked for.
    yield Buffer.alloc(1000)
    yield Buffer.alloc(1000)
    throw new Error('unreadable')
  }
  using at = await serve((outgoing) => sendChunks(outgoing, failing()))
  await expect(buffer(at.incoming)).rejects.toMatchObject({ code: 'ECONNRESET' })
  await at.answered()
})
