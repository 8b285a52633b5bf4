import { ChecksumMismatch } from '../../errors/transfer-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { Platform } from '../../platform/platform.js'
import type { Verdict } from '../../transfer/verdict.js'
import type { ExpectedChecksum } from './expected-checksum.js'
import { type ChecksumLike, findChecksum } from './find-checksum.js'

/** A published checksum, and the result of comparing the data with it. */
export interface SourceChecksum extends ExpectedChecksum {
  /** `unverifiable`: the upload succeeded without reading all data. A mismatch is no result but a ChecksumMismatch. */
  readonly verdict: Verdict
}

/**
 * The published checksum of the data to be read, looked up before its first byte is requested.
 * @param label the path that a list would contain
 * @throws UsageError for an invalid checksum, or one that cannot be computed here
 */
export async function publishedChecksum(
  platform: Platform,
  checksum: ChecksumLike | undefined,
  label: string,
  signal: AbortSignal | undefined,
): Promise<ExpectedChecksum | undefined> {
  if (checksum === undefined) return undefined
  const expected = await findChecksum(checksum, { label }, platform.getUrl, signal)
  if (await platform.supports(expected.algorithm)) return expected
  throw new UsageError(`${expected.algorithm} cannot be computed here`, { hint: 'give another checksum, or none' })
}

/** @throws ChecksumMismatch */
export function comparePublished(
  label: string,
  expected: ExpectedChecksum | undefined,
  actual: string | undefined,
): SourceChecksum | undefined {
  if (!expected || actual === undefined) return undefined
  const { algorithm, value } = expected
  if (actual !== value) throw new ChecksumMismatch(label, { algorithm, expected: value, actual })
  return { algorithm, value, verdict: 'verified' }
}
