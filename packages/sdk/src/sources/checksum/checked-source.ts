import { ChecksumMismatch } from '../../errors/transfer-errors.js'
import type { Platform } from '../../platform/platform.js'
import { blobAfterReading } from '../blob-source.js'
import { readThrough } from '../read-through.js'
import type { OpenOptions, Source } from '../source.js'
import type { ExpectedChecksum } from './expected-checksum.js'

/** A source that is compared with a published checksum each time it is read. */
export interface CheckedSource extends Source {
  /** Whether it was read to its end and matched. */
  readonly isVerified: boolean
}

/**
 * Compares the bytes with a checksum as they are read. The last chunk is returned only when the checksum matches, so
 * that a consumer that passes the bytes on never passes on a complete wrong file.
 */
export function checkedSource(source: Source, expected: ExpectedChecksum, platform: Platform): CheckedSource {
  let isVerified = false
  const checked: CheckedSource = readThrough(source, {
    get isVerified() {
      return isVerified
    },
    blob: blobAfterReading(source, (signal) => (isVerified ? [] : checked.open({ signal }))),
    async *open({ start = 0, signal }: OpenOptions = {}) {
      const hash = await platform.createHash([expected.algorithm], source.size)
      try {
        let position = 0
        let last: Uint8Array | undefined
        for await (const chunk of source.open({ signal })) {
          if (last) yield last
          await hash.update(chunk)
          // The checksum also covers the bytes before `start`.
          const from = Math.min(Math.max(start - position, 0), chunk.byteLength)
          position += chunk.byteLength
          last = from < chunk.byteLength ? chunk.subarray(from) : undefined
        }
        compareSource(source, expected, (await hash.digest())[expected.algorithm] ?? 'unknown')
        isVerified = true
        if (last) yield last
      } finally {
        hash.dispose()
      }
    },
  })
  return checked
}

/** The one of a source's hashes to compare it with: one that is computed anyway, else the first that can be. */
export async function comparableHash(
  platform: Platform,
  hashes: readonly ExpectedChecksum[] | undefined,
  computed: readonly string[] = [],
): Promise<ExpectedChecksum | undefined> {
  const known = (hashes ?? []).toSorted(
    (one, other) => Number(computed.includes(other.algorithm)) - Number(computed.includes(one.algorithm)),
  )
  for (const each of known) if (await platform.supports(each.algorithm)) return each
  return undefined
}

/** @throws ChecksumMismatch when the digest of the bytes that were read is another one */
export function compareSource(
  { label, undone }: Pick<Source, 'label' | 'undone'>,
  { algorithm, value }: ExpectedChecksum,
  actual: string,
): void {
  if (actual === value) return
  const hint = undone && `it came with Content-Encoding ${undone}, which this runtime undoes by itself: use Node.js`
  throw new ChecksumMismatch(label, { algorithm, expected: value, actual, hint })
}
