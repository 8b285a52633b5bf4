import type { IncomingMessage } from 'node:http'

/** Lets a request's body through by the byte. */
export interface Gate {
  /** Lets so many more bytes through; Infinity opens it for good. */
  release(bytes: number): void
}

/**
 * Puts a gate between the parser and the reader of a request: the reader gets `allowance` bytes, then `onReached` is
 * called, and nothing more passes, so that the socket is not read either, until it is released.
 * With an infinite allowance `onReached` is called in place of the body's end.
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

/** Changes a request's body chunk by chunk on its way to whoever reads it. */
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

/** Sees every chunk of a request's body on its way to its reader. */
export function tapRequest(incoming: IncomingMessage, onChunk: (chunk: Buffer) => void): void {
  mapRequest(incoming, (chunk) => {
    onChunk(chunk)
    return chunk
  })
}
