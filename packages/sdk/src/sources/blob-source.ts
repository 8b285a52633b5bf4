import { throwIfAborted } from '../transport/aborting.js'
import { SourceError } from '../errors/transfer-errors.js'
import type { OpenOptions, Source } from './source.js'

const pieceBytes = 1024 * 1024

/** A Blob or File, read piece by piece. */
export function fromBlob(blob: Blob, label?: string): Source {
  const name = label ?? ('name' in blob && typeof blob.name === 'string' && blob.name !== '' ? blob.name : 'blob')
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    try {
      return new Uint8Array(await blob.slice(start, end).arrayBuffer())
    } catch (cause) {
      throw new SourceError(`${name} cannot be read at byte ${start}: it may have changed since it was chosen`, {
        cause,
      })
    }
  }
  return {
    label: name,
    size: blob.size,
    replayable: true,
    async prepare() {},
    async *open({ start = 0, signal }: OpenOptions = {}) {
      for (let at = start; at < blob.size; at += pieceBytes) {
        throwIfAborted(signal)
        yield await read(at, Math.min(at + pieceBytes, blob.size))
      }
    },
    blob: async () => blob,
    peek: (length) => read(0, Math.min(length, blob.size)),
  }
}

/** The Blob of a source once `reading` has ended; undefined when the source has none. */
export function blobAfterReading(
  source: Source,
  reading: (signal?: AbortSignal) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Source['blob'] {
  const { blob } = source
  if (!blob) return undefined
  return async (signal) => {
    for await (const _ of reading(signal));
    return blob(signal)
  }
}
