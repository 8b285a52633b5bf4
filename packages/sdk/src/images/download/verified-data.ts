import { IntegrityError } from '../../errors/transfer-errors.js'
import { type ExpectedHash, expectedHashes } from '../../hashing/expected-hash.js'
import type { ChunkHash, Platform } from '../../platform/platform.js'
import { meterProgress, type OnProgress } from '../../transfer/progress.js'
import type { Verdict } from '../../transfer/verdict.js'
import type { Image } from '../image.js'

/** What is known of data once it has all been read. */
export interface ReadData {
  readonly bytes: number
  readonly verdict: Verdict
}

/**
 * The data of an image as it arrives; ends with its verdict.
 * @throws IntegrityError at its end, when size or hash are not the record's
 */
export async function* verifiedData(
  platform: Platform,
  image: Image,
  body: AsyncIterable<Uint8Array>,
  onProgress: OnProgress | undefined,
): AsyncGenerator<Uint8Array, ReadData, undefined> {
  const meter = meterProgress(onProgress, 'download', image.size ?? undefined)
  const expected = expectedHashes(image)
  const hash = await bestHash(platform, expected, image)
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength
      if (image.size !== null && bytes > image.size) throw wrongSize(image, `more than ${image.size}`)
      const busy = hash.update(chunk)
      if (busy) await busy
      meter.add(chunk.byteLength)
      yield chunk
    }
    if (image.size !== null && bytes !== image.size) throw wrongSize(image, String(bytes))
    const digests = await hash.digest()
    meter.end()
    for (const { algorithm, value } of expected) {
      const actual = digests[algorithm]
      if (actual === undefined) continue
      if (actual === value) return { bytes, verdict: 'verified' }
      throw new IntegrityError(
        `what was received is not the image ${image.id}: its ${algorithm} is ${actual}, and should be ${value}`,
        { what: algorithm, expected: value, actual },
      )
    }
    return { bytes, verdict: 'unverifiable' }
  } finally {
    hash.dispose()
  }
}

/** The best algorithm that this runtime has: one is enough, and each costs a core. */
async function bestHash(platform: Platform, expected: readonly ExpectedHash[], image: Image): Promise<ChunkHash> {
  for (const { algorithm } of expected) {
    if (await platform.supports(algorithm)) return platform.createHash([algorithm], image.size ?? undefined)
  }
  return platform.createHash([], 0)
}

function wrongSize(image: Image, actual: string): IntegrityError {
  return new IntegrityError(`the image ${image.id} has ${image.size} bytes, and ${actual} were received`, {
    what: 'size',
    expected: String(image.size),
    actual,
  })
}
