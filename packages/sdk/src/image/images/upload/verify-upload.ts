import { IntegrityError } from '../../../errors/transfer-errors.js'
import { expectedHashes, unverifiable } from '../expected-hash.js'
import { hashSource } from '../../../hashing/hash-source.js'
import type { HashedSource } from '../../../hashing/hashed-source.js'
import type { Source } from '../../../sources/source.js'
import { meterProgress } from '../../../transfer/progress.js'
import type { ImageContext } from '../context.js'
import type { Image } from '../image.js'
import type { TransferOptions, UploadResult } from './options.js'

/**
 * Compares what was sent with what the server says it stored: the size, then the hash that it has.
 * @throws IntegrityError
 */
export async function verifyUpload(
  context: ImageContext,
  source: Source,
  sent: HashedSource,
  image: Image,
  options: TransferOptions,
): Promise<UploadResult> {
  const { osHashAlgo, osHashValue } = image
  const result = { image, bytes: sent.bytes, osHashAlgo, osHashValue }
  if (image.size !== null && image.size !== sent.bytes) {
    throw mismatch(image, 'size', `${sent.bytes} bytes`, `${image.size} bytes`)
  }
  const digests = await sent.digest()
  for (const { algorithm, value } of expectedHashes(image)) {
    const ours = digests[algorithm] ?? (await hashAgain(context, source, algorithm, options))
    if (ours === undefined) continue
    if (ours !== value) throw mismatch(image, algorithm, ours, value)
    return { ...result, verdict: 'verified' }
  }
  if (options.requireVerified === true) throw unverifiable(image)
  return { ...result, verdict: 'unverifiable' }
}

/** For a server that hashes otherwise than expected: known only once the data is there. */
async function hashAgain(
  context: ImageContext,
  source: Source,
  algorithm: string,
  options: TransferOptions,
): Promise<string | undefined> {
  if (!source.replayable) return undefined
  const meter = meterProgress(options.onProgress, 'verify', source.size)
  const digest = await hashSource(context.platform, source, algorithm, {
    signal: options.signal,
    onChunk: (bytes) => meter.add(bytes),
  })
  meter.end()
  return digest
}

function mismatch(image: Image, what: string, expected: string, actual: string): IntegrityError {
  return new IntegrityError(
    `the image ${image.id} is not what was sent: its ${what} is ${actual}, and ${expected} was sent`,
    { what, expected, actual },
  )
}
