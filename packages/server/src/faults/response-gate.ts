import type { ServerResponse } from 'node:http'
import type { Gate } from './request-gate.js'
import { interceptHead, type Head } from './response-head.js'

/** The service's response at the moment the gate was reached. */
export interface HeldAnswer {
  /** The head that the service wanted to send; undefined if it has already been sent. */
  readonly head: Head | undefined
  /** Drops the rest of the service's response, whatever it still writes, and returns the wire to the caller. */
  discard(): Wire
}

/** Writes to the client, bypassing the gate. */
export interface Wire {
  writeHead(status: number, headers: Readonly<Record<string, string | string[]>>): unknown
  end(body?: string): unknown
}

type Held = { chunk: Buffer; done: (() => void) | undefined } | 'end'

/**
 * Puts a gate between the service and the wire: the head and `allowance` bytes of the response's body are sent, then
 * `onReached` is called and nothing more is sent until the gate is released. With `none`, not even the head is sent.
 */
export function gateResponse(
  outgoing: ServerResponse,
  allowance: number | 'none',
  onReached: (answer: HeldAnswer) => void,
): Gate {
  const real = {
    writeHead: outgoing.writeHead.bind(outgoing) as Wire['writeHead'],
    flushHeaders: outgoing.flushHeaders.bind(outgoing),
    write: outgoing.write.bind(outgoing) as (chunk: Buffer, done?: () => void) => boolean,
    end: outgoing.end.bind(outgoing) as Wire['end'],
  }
  const held: Held[] = []
  let left = allowance === 'none' ? 0 : allowance
  let headHeld = allowance === 'none'
  let heldHead: { head: Head; send: (head: Head) => void } | undefined
  let reached = false
  let discarded = false

  const reach = () => {
    if (reached) return
    reached = true
    onReached({
      head: headHeld ? (heldHead?.head ?? { status: outgoing.statusCode, headers: {} }) : undefined,
      discard() {
        discarded = true
        held.length = 0
        return {
          writeHead(status, headers) {
            for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name)
            real.writeHead(status, headers)
          },
          end: real.end,
        }
      },
    })
  }
  const flow = () => {
    if (headHeld) {
      if (held.length > 0) reach()
      return
    }
    for (let next = held[0]; next !== undefined; next = held[0]) {
      if (next === 'end') {
        held.shift()
        real.end()
        return
      }
      if (left === 0) break
      const { chunk, done } = next
      const part = chunk.subarray(0, left)
      left -= part.length
      if (part.length === chunk.length) held.shift()
      else held[0] = { chunk: chunk.subarray(part.length), done }
      real.write(part, part.length === chunk.length ? () => done?.() : undefined)
    }
    if (left > 0 || reached || held.length === 0) return
    real.flushHeaders()
    afterFlush(outgoing, reach)
  }

  if (headHeld) {
    interceptHead(outgoing, (head, send) => {
      if (headHeld) heldHead = { head, send }
      else send(head)
    })
    outgoing.flushHeaders = () => undefined
  }
  outgoing.write = ((chunk: unknown, encoding?: unknown, callback?: unknown) => {
    if (discarded) return true
    held.push({ chunk: bytesOf(chunk, encoding), done: callbackOf(encoding, callback) })
    flow()
    return held.length === 0 && !outgoing.writableNeedDrain
  }) as typeof outgoing.write
  outgoing.end = ((chunk?: unknown, encoding?: unknown, callback?: unknown) => {
    if (discarded) return outgoing
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') {
      held.push({ chunk: bytesOf(chunk, encoding), done: callbackOf(encoding, callback) })
    }
    held.push('end')
    flow()
    return outgoing
  }) as typeof outgoing.end
  return {
    release(bytes) {
      if (headHeld) {
        headHeld = false
        outgoing.flushHeaders = real.flushHeaders
        if (heldHead !== undefined) heldHead.send(heldHead.head)
      }
      left += bytes
      flow()
      if (held.length === 0) outgoing.emit('drain')
    },
  }
}

/** Calls `then` once everything written so far has been passed to the kernel. */
function afterFlush(outgoing: ServerResponse, then: () => void): void {
  if (outgoing.socket === null) setImmediate(then)
  else outgoing.socket.write('', () => then())
}

function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  return typeof chunk === 'string'
    ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
    : Buffer.from(chunk as Uint8Array)
}

function callbackOf(...candidates: unknown[]): (() => void) | undefined {
  return candidates.find((each) => typeof each === 'function') as (() => void) | undefined
}
