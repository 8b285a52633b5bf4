import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { withFaults } from './engine.js'
import type { FaultPlan } from './fault.js'
import { parseFaultPlan } from './plan.js'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

interface Served {
  readonly port: number
  /** Body bytes that reached the service, per request. */
  readonly given: number[]
}

async function serve(plan: FaultPlan, answer: Buffer = Buffer.from('0123456789')): Promise<Served> {
  const given: number[] = []
  const service: RequestListener = (incoming, outgoing) => {
    const index = given.push(0) - 1
    incoming.on('data', (chunk: Buffer) => (given[index] = (given[index] ?? 0) + chunk.length))
    incoming.on('error', () => undefined)
    incoming.on('end', () => {
      outgoing.setHeader('content-length', answer.length)
      outgoing.writeHead(200, { 'X-Service': 'yes' })
      outgoing.write(answer.subarray(0, 3))
      outgoing.end(answer.subarray(3))
    })
  }
  const server = createServer(withFaults(plan, service)).listen(0, '127.0.0.1')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, given }
}

/** Sends bytes over a new socket; returns what came back and how the connection ended. */
async function exchange(port: number, head: string, body = ''): Promise<{ text: string; end: string }> {
  const socket = connect(port, '127.0.0.1')
  closers.push(() => socket.destroy())
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  socket.write(head + body)
  const end = await new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    socket.on('end', () => resolve('FIN'))
  })
  return { text, end }
}

const get = 'GET /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n'
const put = (length: number) => `PUT /x HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`
const bodyOf = (text: string) => text.slice(text.indexOf('\r\n\r\n') + 4)

test('a request that no rule matches is answered by the service', async () => {
  const { port } = await serve([{ match: { path: '^/other' }, fault: { type: 'reset' } }])
  const { text, end } = await exchange(port, get)
  expect(end).toBe('FIN')
  expect(bodyOf(text)).toBe('0123456789')
})

test('nth and count choose which of the matching requests are struck', async () => {
  const { port, given } = await serve([
    { match: { method: 'GET', nth: 2, count: 2 }, fault: { type: 'status', status: 503 } },
  ])
  const statuses = []
  for (let index = 0; index < 4; index += 1) statuses.push((await exchange(port, get)).text.slice(9, 12))
  expect(statuses).toEqual(['200', '503', '503', '200'])
  expect(given).toHaveLength(2)
})

test('a reset at byte N of the request gives the service exactly N bytes', async () => {
  const { port, given } = await serve([{ fault: { type: 'reset', afterRequestBytes: 4 } }])
  const { text, end } = await exchange(port, put(10), 'abcdefghij')
  expect([text, end]).toEqual(['', 'ECONNRESET'])
  expect(given).toEqual([4])
})

test('a reset after the whole request comes before any answer', async () => {
  const { port, given } = await serve([{ fault: { type: 'reset', afterRequestBytes: 'end' } }])
  const { text, end } = await exchange(port, put(10), 'abcdefghij')
  expect([text, end]).toEqual(['', 'ECONNRESET'])
  expect(given).toEqual([10])
})

test('a lost answer is one that the service gave and nobody received', async () => {
  const { port, given } = await serve([{ fault: { type: 'reset', afterResponseBytes: 'none' } }])
  const { text, end } = await exchange(port, put(3), 'abc')
  expect([text, end]).toEqual(['', 'ECONNRESET'])
  expect(given).toEqual([3])
})

test('an answer can be closed after exactly N bytes of its declared length', async () => {
  const { port } = await serve([{ fault: { type: 'close', afterResponseBytes: 5 } }])
  const { text, end } = await exchange(port, get)
  expect(end).toBe('FIN')
  expect(text).toContain('content-length: 10')
  expect(bodyOf(text)).toBe('01234')
})

test('a truncated answer is short and says nothing of it', async () => {
  const { port } = await serve([{ fault: { type: 'truncate', afterResponseBytes: 5 } }])
  const { text } = await exchange(port, get)
  expect(text).toContain('content-length: 5')
  expect(bodyOf(text)).toBe('01234')
})

test('an extended answer is longer than the service made it', async () => {
  const { port } = await serve([{ fault: { type: 'extend', bytes: 3 } }])
  const { text } = await exchange(port, get)
  expect(text).toContain('content-length: 13')
  expect(bodyOf(text)).toBe('0123456789\0\0\0')
})

test('one byte of an answer can be corrupted, wherever the chunks end', async () => {
  const { port } = await serve([{ fault: { type: 'corrupt', atResponseByte: 3 } }])
  const { text } = await exchange(port, get)
  expect(bodyOf(text)).toBe(`012${String.fromCharCode('3'.charCodeAt(0) ^ 0xff)}456789`)
})

test('one byte of a request can be corrupted on its way to the service', async () => {
  let read = ''
  const service: RequestListener = (incoming, outgoing) => {
    incoming.on('data', (chunk: Buffer) => (read += chunk.toString('latin1'))).on('end', () => outgoing.end())
  }
  const server = createServer(withFaults([{ fault: { type: 'corrupt', atRequestByte: 1 } }], service)).listen(
    0,
    '127.0.0.1',
  )
  closers.push(() => server.close())
  await once(server, 'listening')
  await exchange((server.address() as AddressInfo).port, put(3), 'abc')
  expect(read).toBe(`a${String.fromCharCode('b'.charCodeAt(0) ^ 0xff)}c`)
})

test('headers are set and removed', async () => {
  const { port } = await serve([{ fault: { type: 'headers', headers: { 'x-service': null, 'X-Other': 'set' } } }])
  const { text } = await exchange(port, get)
  expect(text).toContain('x-other: set')
  expect(text.toLowerCase()).not.toContain('x-service')
})

test('an early answer arrives while the body is still being sent', async () => {
  const { port, given } = await serve([
    { fault: { type: 'status', status: 413, afterRequestBytes: 4, body: 'too much', unread: 'close' } },
  ])
  const { text } = await exchange(port, put(1_000_000), 'abcdefgh')
  expect(text).toMatch(/^HTTP\/1.1 413/)
  expect(bodyOf(text)).toBe('too much')
  expect(given).toEqual([])
})

test('an answer in the place of one that the service gave keeps the service in the dark', async () => {
  const { port, given } = await serve([
    { fault: { type: 'status', status: 502, afterResponseBytes: 'none', body: '<html>' } },
  ])
  const { text } = await exchange(port, put(3), 'abc')
  expect(text).toMatch(/^HTTP\/1.1 502/)
  expect(text.toLowerCase()).not.toContain('x-service')
  expect(given).toEqual([3])
})

test('a body can be exchanged under its own status and headers', async () => {
  const { port } = await serve([{ fault: { type: 'body', body: '{"half' } }])
  const { text } = await exchange(port, get)
  expect(text).toMatch(/^HTTP\/1.1 200/)
  expect(text.toLowerCase()).toContain('x-service: yes')
  expect(bodyOf(text)).toBe('{"half')
})

test('raw text goes out as it is', async () => {
  const { port } = await serve([{ fault: { type: 'raw', text: 'SSH-2.0-not-http\r\n' } }])
  expect((await exchange(port, get)).text).toBe('SSH-2.0-not-http\r\n')
})

test('a stall or delay of limited length loses nothing', async () => {
  const { port, given } = await serve([
    { match: { nth: 1 }, fault: { type: 'stall', afterRequestBytes: 2, ms: 20 } },
    { match: { nth: 2 }, fault: { type: 'stall', afterResponseBytes: 2, ms: 20 } },
    { match: { nth: 3 }, fault: { type: 'stall', afterResponseBytes: 'none', ms: 20 } },
    { match: { nth: 4 }, fault: { type: 'delay', ms: 20 } },
    { match: { nth: 5 }, fault: { type: 'trickle', bytesPerSecond: 200 } },
    { match: { nth: 6 }, fault: { type: 'trickle', bytesPerSecond: 200, direction: 'request' } },
  ])
  for (let index = 0; index < 6; index += 1) {
    const { text } = await exchange(port, put(10), 'abcdefghij')
    expect(bodyOf(text)).toBe('0123456789')
    expect(text.toLowerCase()).toContain('x-service: yes')
  }
  expect(given).toEqual([10, 10, 10, 10, 10, 10])
})

test('an answer larger than any buffer passes a trickling gate whole', async () => {
  const answer = Buffer.alloc(3_000_000, 'x')
  const { port } = await serve([{ fault: { type: 'trickle', bytesPerSecond: 20_000_000 } }], answer)
  const { text } = await exchange(port, get)
  expect(bodyOf(text).length).toBe(answer.length)
})

test('a plan that cannot be used names the rule and the field', () => {
  expect(() => parseFaultPlan([{ fault: { type: 'explode' } }])).toThrow(/0\.fault\.type/)
  expect(() => parseFaultPlan([{ fault: { type: 'reset' }, match: { path: '(' } }])).toThrow(/0\.match/)
  expect(() => parseFaultPlan([{ fault: { type: 'status', status: 42 } }])).toThrow(/status/)
  expect(parseFaultPlan([{ match: { nth: 2 }, fault: { type: 'delay', ms: 5 } }])).toHaveLength(1)
})
