import type { ChunkHash, Platform } from '../platform/platform.js'
import { comparableHash, compareSource } from '../sources/checksum/checked-source.js'
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

/**
 * Where the source's origin reports a hash, the bytes are compared with it in the same pass; the last chunk is returned
 * only when they match, so that a complete wrong copy is never passed on.
 * @param onChunk called with the size of each chunk, and with 0 when a reading begins
 */
export function hashedSource(
  source: Source,
  platform: Platform,
  algorithms: readonly string[],
  onChunk?: (bytes: number) => void,
): HashedSource {
  let opened = 0
  let bytes = 0
  let hash: ChunkHash | undefined
  let digests: Readonly<Record<string, string>> | undefined
  const begin = async (more: readonly string[] = []): Promise<ChunkHash> => {
    hash?.dispose()
    digests = undefined
    hash = await platform.createHash([...new Set([...algorithms, ...more])], source.size)
    return hash
  }
  const counted = (chunk: Uint8Array): Uint8Array => {
    bytes += chunk.byteLength
    onChunk?.(chunk.byteLength)
    return chunk
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
      const expected = await comparableHash(platform, source.hashes, algorithms)
      const current = await begin(expected && [expected.algorithm])
      let last: Uint8Array | undefined
      for await (const chunk of source.open(options)) {
        const busy = current.update(chunk)
        if (busy) await busy
        const next: Uint8Array | undefined = expected ? last : chunk
        last = chunk
        if (next) yield counted(next)
      }
      if (!expected) return
      digests = await current.digest()
      compareSource(source, expected, digests[expected.algorithm] ?? 'unknown')
      if (last) yield counted(last)
    },
    async digest() {
      return digests ?? (hash ?? (await begin())).digest()
    },
    dispose: () => hash?.dispose(),
  }
}
