import type { Platform } from '../../platform/platform.js'
import { oneShot } from '../one-shot.js'
import type { OpenOptions, Source } from '../source.js'
import type { Compression } from '../../platform/compression.js'

/**
 * The decompressed content of a source. Its size is not known before its end; it can be read again if the compressed
 * source can. Peeked content is not decompressed again for the first reading.
 */
export function decompressed(
  inner: Source,
  compression: Compression,
  platform: Platform,
  onPassedOver?: (bytes: number) => void,
): Source {
  const label = inner.label
  let held: Source | undefined

  const begin = (signal: AbortSignal | undefined): Source =>
    oneShot({
      label,
      begin: () => platform.decoder(compression)(inner.open({ signal }), label, onPassedOver),
    })
  const hold = (signal: AbortSignal | undefined): Source => {
    held ??= begin(signal)
    return held
  }

  return {
    label,
    size: undefined,
    get replayable() {
      return inner.replayable
    },
    seekable: false,
    get isRemote() {
      return inner.isRemote
    },
    prepare: (signal) => inner.prepare(signal),
    async *open({ start = 0, signal }: OpenOptions = {}) {
      const source = hold(signal)
      held = undefined
      yield* start === 0 ? source.open() : skipping(source.open(), start)
    },
    peek: (length, signal) => hold(signal).peek(length, signal),
    async close() {
      await held?.close?.()
      held = undefined
      await inner.close?.()
    },
  }
}

/** Compressed content cannot be read from the middle. */
async function* skipping(chunks: AsyncIterable<Uint8Array>, start: number): AsyncGenerator<Uint8Array, void> {
  let left = start
  for await (const chunk of chunks) {
    if (left < chunk.byteLength) yield left === 0 ? chunk : chunk.subarray(left)
    left = Math.max(left - chunk.byteLength, 0)
  }
}
