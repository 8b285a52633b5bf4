import { once } from 'node:events'
import net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { listen, type Listening, type Patience } from './listen.js'

let listening: Listening | undefined
afterEach(() => listening?.close())

/** Starts a server with short time limits that records the bodies it read. */
async function start(patience: Patience) {
  const bodies: string[] = []
  listening = await listen(
    (request, response) => {
      void (async () => {
        let length = 0
        try {
          for await (const chunk of request) length += (chunk as Buffer).length
          bodies.push(`${length} bytes`)
          response.end('whole')
        } catch {
          bodies.push('broken off')
        }
      })()
    },
    '127.0.0.1',
    0,
    patience,
  )
  const connect = () => {
    const socket = net.connect(listening?.port ?? 0, '127.0.0.1')
    socket.on('error', () => undefined).resume()
    return socket
  }
  return { connect, bodies }
}

const closed = (socket: net.Socket) => new Promise((resolve) => socket.once('close', resolve))
const head = 'PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n'
const drip = (socket: net.Socket, text: string, everyMs: number) => {
  const timer = setInterval(() => socket.write(text), everyMs)
  socket.once('close', () => clearInterval(timer))
}

test('a connection that says nothing, or half a head, or drips one, is ended', async () => {
  const { connect } = await start({ headMs: 60, idleMs: 60_000, leastBytesPerSecond: 500 })
  const sockets = [connect(), connect(), connect()]
  sockets[1]?.write('GET / HT')
  if (sockets[2]) {
    sockets[2].write('GET / HTTP/1.1\r\nX: ')
    drip(sockets[2], 'y', 5)
  }
  await Promise.all(sockets.map((socket) => closed(socket)))
  expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true, true])
})

test('a body that stops coming is ended, and its reader learns of it', async () => {
  const { connect, bodies } = await start({ headMs: 60_000, idleMs: 60, leastBytesPerSecond: 500 })
  const socket = connect()
  socket.write(`${head}half`)
  await closed(socket)
  await expect.poll(() => bodies).toEqual(['broken off'])
})

test('a body that only drips is ended, chunked or not', async () => {
  const { connect, bodies } = await start({ headMs: 60_000, idleMs: 300, leastBytesPerSecond: 5000 })
  const sockets = [connect(), connect()]
  sockets.forEach((socket, index) => {
    socket.write(index === 0 ? head : head.replace('Content-Length: 1000000', 'Transfer-Encoding: chunked'))
    drip(socket, index === 0 ? 'x' : '1\r\nx\r\n', 20)
  })
  await Promise.all(sockets.map((socket) => closed(socket)))
  await expect.poll(() => bodies).toEqual(['broken off', 'broken off'])
})

test('a body that keeps coming is read to its end, however long it takes', async () => {
  const { connect, bodies } = await start({ headMs: 60_000, idleMs: 1500, leastBytesPerSecond: 1000 })
  const socket = connect()
  socket.write(head.replace('1000000', '60000'))
  for (let sent = 0; sent < 60; sent += 1) {
    socket.write('x'.repeat(1000))
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  await expect.poll(() => bodies).toEqual(['60000 bytes'])
  socket.destroy()
})

test('a body that the server does not read is not the fault of its sender', async () => {
  let proceed = () => {}
  const isTime = new Promise<void>((resolve) => (proceed = resolve))
  let length = 0
  listening = await listen(
    (request, response) => {
      void (async () => {
        await isTime
        for await (const chunk of request) length += (chunk as Buffer).length
        response.end('whole')
      })()
    },
    '127.0.0.1',
    0,
    { headMs: 60_000, idleMs: 500, leastBytesPerSecond: 500 },
  )
  const socket = net.connect(listening.port, '127.0.0.1')
  socket.write(head)
  socket.write('x'.repeat(1_000_000))
  await new Promise((resolve) => setTimeout(resolve, 1500))
  proceed()
  const [response] = (await once(socket, 'data')) as [Buffer]
  expect([response.toString().split('\r\n')[0], length]).toEqual(['HTTP/1.1 200 OK', 1_000_000])
  socket.destroy()
})
