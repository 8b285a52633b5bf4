import { ChecksumMismatch } from '../../../errors/transfer-errors.js'
import { UsageError } from '../../../errors/tyrax-error.js'
import type { ExpectedChecksum } from '../../../sources/checksum/expected-checksum.js'
import { findChecksum } from '../../../sources/checksum/find-checksum.js'
import type { ImageContext } from '../context.js'
import type { SourceChecksum } from '../source/open-source.js'
import type { DownloadOptions } from './options.js'

/**
 * The checksum that was published for what is fetched, found before the first byte is asked for.
 * @param label what a list would call it, as a path
 */
export async function publishedChecksum(
  { platform }: ImageContext,
  { checksum, signal }: DownloadOptions,
  label: string,
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
