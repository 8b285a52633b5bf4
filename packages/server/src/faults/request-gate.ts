import type { IncomingMessage } from 'node:http'

/** Limits how many bytes of a request's body pass. */
export interface Gate {
  /** Lets that number of further bytes pass; Infinity opens the gate for good. */
  release(bytes: number): void
}

/**
 * Puts a gate between the parser and the reader of a request. After `allowance` bytes `onReached` is called; until the
 * gate is released, no more bytes pass and the socket is not read. With an infinite allowance, `onReached` is called at
 * the body's end, which is held back.
 */
export function gateRequest(incoming: IncomingMessage, allowance: number, onReached: () => void): Gate {
  const push = incoming.push.bind(incoming)
  const read = incoming._read.bind(incoming)
  const held: (Buffer | null)[] = []
  let left = allowance
  let endHeld = allowance === Infinity
  let reached = false

  const reach = () => {
    if (reached) return
    reached = true
    onReached()
  }
  const flow = (): boolean => {
    let wantsMore = true
    while (left > 0) {
      const chunk = held[0]
      if (chunk === undefined) return wantsMore
      if (chunk === null) {
        if (endHeld) break
        held.shift()
        return push(null)
      }
      const part = chunk.subarray(0, left)
      if (part.length === chunk.length) held.shift()
      else held[0] = chunk.subarray(part.length)
      left -= part.length
      wantsMore = push(part)
    }
    reach()
    return false
  }

  incoming.push = (chunk: Buffer | null) => {
    held.push(chunk)
    return flow()
  }
  incoming._read = (size) => {
    if (held.length === 0 && left > 0) read(size)
  }
  if (left === 0) queueMicrotask(reach)
  return {
    release(bytes) {
      left += bytes
      if (bytes === Infinity) endHeld = false
      if (flow()) read(0)
    },
  }
}

/** Changes a request's body chunk by chunk before it reaches the reader. */
export function mapRequest(incoming: IncomingMessage, change: (chunk: Buffer, offset: number) => Buffer): void {
  const push = incoming.push.bind(incoming)
  let offset = 0
  incoming.push = (chunk: Buffer | null) => {
    if (chunk === null) return push(null)
    const changed = change(chunk, offset)
    offset += chunk.length
    return push(changed)
  }
}

/** Calls `onChunk` with every chunk of a request's body before it reaches the reader. */
export function tapRequest(incoming: IncomingMessage, onChunk: (chunk: Buffer) => void): void {
  mapRequest(incoming, (chunk) => {
    onChunk(chunk)
    return chunk
  })
}
