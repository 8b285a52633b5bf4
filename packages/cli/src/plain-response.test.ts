import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import * as fc from 'fast-check'
import type { Pool } from 'undici'
import { expect, test } from 'vitest'
import { parserWhenNeeded } from '../bundle/parser-when-needed.js'

const require = createRequire(import.meta.url)

/** undici as the bundle has it, and as it is. */
async function bothPools(folder: string) {
  const original = path.dirname(require.resolve('undici/package.json'))
  const changed = path.join(folder, 'undici')
  await cp(original, changed, { recursive: true })
  const file = path.join(changed, 'lib/dispatcher/client-h1.js')
  await writeFile(file, parserWhenNeeded.transform(await readFile(file, 'utf8'), file) ?? '')
  const load = (at: string) => (require(path.join(at, 'index.js')) as { Pool: typeof Pool }).Pool
  return { changed: load(changed), original: load(original) }
}

/** Bytes that a server sends in pieces, and whether it closes the connection after them. */
interface Sent {
  readonly method: 'GET' | 'HEAD'
  readonly pieces: readonly string[]
  readonly isClosed: boolean
}

type Choice = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) => fc.Arbitrary<T>

const onlyUsual: Choice = (usual) => usual
const sometimesOdd: Choice = (usual, odd) => fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd })

const fields = (choose: Choice) =>
  choose(
    fc.constantFrom('Content-Type: text/plain', 'x: y', 'X-A: b  c', 'Connection: keep-alive', 'Connection: close'),
    fc.constantFrom(
      'Keep-Alive: timeout=5',
      'Transfer-Encoding: chunked',
      'Content-Length: 3',
      'Content-Length: x',
      'Upgrade: h2c',
      'Connection: upgrade',
      ' folded',
      'x:y',
      'x : y',
      'x: y ',
      'x:  y',
      'x:',
      'x',
      'x: \u00E4',
      'x: \u0001',
    ),
  )

const response = (choose: Choice) =>
  fc
    .record({
      status: choose(
        fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.1 404 Not Found', 'HTTP/1.1 500 '),
        fc.constantFrom('HTTP/1.1 204 No Content', 'HTTP/1.1 100 Continue', 'HTTP/1.0 200 OK', 'HTTP/1.1 304 x', 'no'),
      ),
      before: fc.array(fields(choose), { maxLength: 3 }),
      after: fc.array(fields(choose), { maxLength: 1 }),
      body: fc.constantFrom('', 'abc', 'abcdefghij', 'x'.repeat(200_000)),
      length: choose(fc.constant(0), fc.constantFrom(-1, 1, Number.NaN)),
      more: choose(fc.constant(''), fc.constantFrom('x', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
    })
    .map(({ status, before, after, body, length, more }) => {
      const size = Number.isNaN(length) ? [] : [`Content-Length: ${Math.max(0, body.length + length)}`]
      return `${[status, ...before, ...size, ...after].join('\r\n')}\r\n\r\n${body}${more}`
    })

/** A response that is not complete has to be followed by the end of the connection. */
const sent = (choose: Choice, isClosed: fc.Arbitrary<boolean>): fc.Arbitrary<Sent> =>
  fc.record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
    pieces: fc
      .tuple(response(choose), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 2 }))
      .map(([text, places]) => {
        const middle = places.map((place) => Math.floor(place * text.length)).toSorted((a, b) => a - b)
        const cuts = [0, ...middle, text.length]
        return cuts.slice(1).map((end, at) => text.slice(cuts[at], end))
      }),
    isClosed,
  })

/** What a request on a connection of its own ends in, and one more on the same connection. */
async function outcome(PoolOf: typeof Pool, origin: string, method: Sent['method']): Promise<unknown[]> {
  const pool = new PoolOf(origin, { connections: 1 })
  const found: unknown[] = []
  for (const round of [1, 2]) {
    try {
      const { statusCode, headers, body, statusText } = await pool.request({ path: `/${round}`, method })
      let text = ''
      for await (const chunk of body) {
        text += String(chunk)
        // Chunks that wait let the parser pause.
        await turn()
      }
      found.push({ statusCode, headers, statusText, text })
    } catch (error) {
      const { code, name, message } = error as NodeJS.ErrnoException
      found.push({ code, name, message: code?.startsWith('HPE') ? 'not HTTP' : message })
    }
  }
  await pool.destroy()
  return found
}

async function respond(socket: Socket, { pieces, isClosed }: Sent): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece, 'latin1')
    await turn()
    await turn()
  }
  if (isClosed) socket.end()
}

test("the numbers that stand for undici's constants are right", () => {
  const { TYPE, ERROR } = require('undici/lib/llhttp/constants.js') as Record<string, Record<string, number>>
  expect([TYPE?.['RESPONSE'], ERROR?.['OK'], ERROR?.['PAUSED'], ERROR?.['PAUSED_UPGRADE']]).toEqual([2, 0, 21, 22])
})

test('undici gives the same response with and without its own parser', { timeout: 300_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-undici-'))
  let current: Sent = { method: 'GET', pieces: [], isClosed: true }
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    socket.setNoDelay(true)
    socket.on('data', () => void respond(socket, current))
  })
  try {
    const { changed, original } = await bothPools(folder)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await fc.assert(
      fc.asyncProperty(fc.oneof(sent(onlyUsual, fc.boolean()), sent(sometimesOdd, fc.constant(true))), async (each) => {
        current = each
        const expected = await outcome(original, origin, each.method)
        expect(await outcome(changed, origin, each.method)).toEqual(expected)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 100) },
    )
  } finally {
    server.close()
    await rm(folder, { recursive: true })
  }
})
