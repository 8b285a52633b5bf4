import { SourceError } from '../errors/transfer-errors.js'
import { TyraxError } from '../errors/tyrax-error.js'
import type { Source } from './source.js'

/** How to start a {@link oneShot} source. `begin` is called once, when the first byte is needed. */
export interface OneShotOptions {
  readonly label: string
  readonly size?: number | undefined
  readonly begin: () => AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>
  readonly prepare?: (() => Promise<void>) | undefined
  /** Stops a stream that is no longer needed. */
  readonly stop?: (() => void) | undefined
}

/** Bytes that can be read only once: a stream, a pipe. Peeked bytes are returned again. */
export function oneShot({ label, size, begin, prepare, stop }: OneShotOptions): Source {
  let iterator: AsyncIterator<Uint8Array> | undefined
  let opened = false
  let ended = false
  const peeked: Uint8Array[] = []

  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      iterator ??= (await begin())[Symbol.asyncIterator]()
      const result = await iterator.next()
      if (!result.done) return bytesOf(result.value, label)
    } catch (cause) {
      ended = true
      throw cause instanceof TyraxError ? cause : new SourceError(`${label} cannot be read any further`, { cause })
    }
    ended = true
    return undefined
  }

  return {
    label,
    size,
    replayable: false,
    prepare: async () => prepare?.(),
    async *open({ start = 0 } = {}) {
      if (opened || start !== 0) {
        throw new SourceError(`${label} can be read only once, and it has been`, {
          hint: 'give a file, a Blob or a URL where a transfer may have to be repeated',
        })
      }
      opened = true
      let count = 0
      const counted = (chunk: Uint8Array) => {
        count += chunk.byteLength
        if (size !== undefined && count > size) throw wrongSize(label, size, `more than that`)
        return chunk
      }
      try {
        while (peeked.length > 0) yield counted(peeked.shift() as Uint8Array)
        for (let chunk = await next(); chunk; chunk = await next()) yield counted(chunk)
        if (size !== undefined && count !== size) throw wrongSize(label, size, `${count}`)
      } finally {
        if (!ended) await iterator?.return?.()
      }
    },
    async peek(length) {
      let have = peeked.reduce((sum, chunk) => sum + chunk.byteLength, 0)
      while (have < length) {
        const chunk = ended ? undefined : await next()
        if (!chunk) break
        peeked.push(chunk)
        have += chunk.byteLength
      }
      return joined(peeked, length)
    },
    async close() {
      opened = true
      if (ended) return
      ended = true
      // Not awaited: the iterator of a silent stream returns only after its next byte, which may never come.
      void Promise.resolve(iterator?.return?.()).catch(() => undefined)
      stop?.()
    },
  }
}

function bytesOf(chunk: unknown, label: string): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  throw new SourceError(`${label} yields ${typeof chunk} where bytes were expected`, {
    hint: 'the stream must yield Uint8Array chunks: no encoding set, no object mode',
  })
}

function wrongSize(label: string, size: number, actual: string): SourceError {
  return new SourceError(`${label} was declared to have ${size} bytes and has ${actual}`, {
    hint: 'declare the right size (--size), or none',
  })
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(
    Math.min(
      length,
      chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0),
    ),
  )
  let at = 0
  for (const chunk of chunks) {
    if (at >= all.byteLength) break
    const part = chunk.subarray(0, all.byteLength - at)
    all.set(part, at)
    at += part.byteLength
  }
  return all
}
