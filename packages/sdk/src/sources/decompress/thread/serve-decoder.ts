import { SourceError } from '../../../errors/transfer-errors.js'
import { DamagedData } from '../../../platform/decoder.js'
import { loadOwnDecoder } from '../decoders.js'
import { type FromThread, partBytes, partsAhead, type ThreadError, type ToThread } from './messages.js'

/** The thread's connection to the main thread. */
export interface ThreadPort {
  post(message: FromThread, transferred: readonly ArrayBuffer[]): void
  listen(listener: (message: ToThread) => void): void
}

class InputFailed extends Error {}

/** Decompresses one content in a thread: requests its bytes, and sends chunks as long as there is room for them. */
export function serveDecoder(port: ThreadPort): void {
  const queue: Uint8Array[] = []
  let end: 'complete' | 'failed' | undefined
  const open = { asked: 0, room: 0 }
  let wake: (() => void) | undefined
  const woken = () => new Promise<void>((resolve) => (wake = resolve))

  let gathered = new Uint8Array(partBytes)
  let filled = 0
  const flush = async () => {
    if (filled === 0) return
    while (open.room === 0) await woken()
    open.room -= 1
    const piece = filled < partBytes / 2 ? gathered.slice(0, filled) : gathered.subarray(0, filled)
    port.post({ piece: piece.buffer, length: filled }, [piece.buffer])
    if (piece.buffer === gathered.buffer) gathered = new Uint8Array(partBytes)
    filled = 0
  }
  const gather = async (piece: Uint8Array) => {
    for (let at = 0; at < piece.byteLength;) {
      const part = piece.subarray(at, at + partBytes - filled)
      gathered.set(part, filled)
      filled += part.byteLength
      at += part.byteLength
      if (filled === partBytes) await flush()
    }
  }
  const input = async function* () {
    for (;;) {
      const wants = partsAhead - queue.length - open.asked
      if (end === undefined && wants > 0) {
        open.asked += wants
        port.post({ wants }, [])
      }
      const bytes = queue.shift()
      if (bytes) yield bytes
      else if (end === 'failed') throw new InputFailed()
      else if (end === 'complete') return
      else {
        // The source may be slow, so what has been decoded is sent before waiting for it.
        await flush()
        if (queue.length === 0 && end === undefined) await woken()
      }
    }
  }
  const run = async (compression: Parameters<typeof loadOwnDecoder>[0], label: string) => {
    const decoder = await loadOwnDecoder(compression).catch((cause: unknown) => {
      port.post({ unavailable: String(cause) }, [])
    })
    if (!decoder) return
    port.post({ ready: true }, [])
    try {
      const onPassedOver = (bytes: number) => port.post({ passedOver: bytes }, [])
      for await (const piece of decoder(input(), label, onPassedOver)) await gather(piece)
      await flush()
      port.post({ done: true }, [])
    } catch (error) {
      await flush()
      port.post(error instanceof InputFailed ? { inputFailed: true } : { error: portable(error) }, [])
    }
  }

  port.listen((message) => {
    if ('begin' in message) void run(message.begin, message.label)
    else if ('room' in message) open.room += message.room
    else if ('end' in message) end = message.end
    else {
      open.asked -= 1
      queue.push(new Uint8Array(message.bytes))
    }
    wake?.()
  })
}

function portable(error: unknown): ThreadError {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  return {
    kind: error instanceof DamagedData ? 'damaged' : error instanceof SourceError ? 'source' : 'other',
    message,
    hint: error instanceof SourceError ? error.hint : undefined,
    cause: cause instanceof Error ? cause.message : undefined,
  }
}
