import type { ChunkHash, Platform } from '../platform/platform.js'
import type { Source } from '../sources/source.js'

/** A source that is counted and hashed while it is read, starting again each time it is opened. */
export interface HashedSource extends Source {
  /** How often it has been opened. */
  readonly opened: number
  /** Number of bytes read since it was last opened. */
  readonly bytes: number
  /** The digests of the last reading. Call it once. */
  digest(): Promise<Readonly<Record<string, string>>>
  /** Discards the hash; safe after `digest`. */
  dispose(): void
}

/** @param onChunk called with the size of each chunk, and with 0 when a reading begins */
export function hashedSource(
  source: Source,
  platform: Platform,
  algorithms: readonly string[],
  onChunk?: (bytes: number) => void,
): HashedSource {
  let opened = 0
  let bytes = 0
  let hash: ChunkHash | undefined
  const begin = async (): Promise<ChunkHash> => {
    hash?.dispose()
    hash = await platform.createHash(algorithms, source.size)
    return hash
  }
  return {
    label: source.label,
    get size() {
      return source.size
    },
    get replayable() {
      return source.replayable
    },
    get opened() {
      return opened
    },
    get bytes() {
      return bytes
    },
    prepare: (signal) => source.prepare(signal),
    peek: (length, signal) => source.peek(length, signal),
    blob: source.blob,
    async *open(options) {
      opened += 1
      bytes = 0
      onChunk?.(0)
      const current = await begin()
      for await (const chunk of source.open(options)) {
        const busy = current.update(chunk)
        if (busy) await busy
        bytes += chunk.byteLength
        onChunk?.(chunk.byteLength)
        yield chunk
      }
    },
    async digest() {
      return (hash ?? (await begin())).digest()
    },
    dispose: () => hash?.dispose(),
  }
}
