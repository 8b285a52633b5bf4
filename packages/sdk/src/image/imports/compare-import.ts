import { IntegrityError } from '../../errors/transfer-errors.js'
import type { Verdict } from '../../transfer/verdict.js'
import type { ImageContext } from '../images/context.js'
import type { Image } from '../images/image.js'
import { withdraw } from '../images/upload/after-failure.js'

/** What the imported data should be, as far as it is known on this side. */
export interface ExpectedData {
  /** The formats that were declared before the import. */
  readonly diskFormat: string | null
  readonly containerFormat: string | null
  /** In bytes. */
  readonly size: number | undefined
  /** Of data that was sent from here. */
  readonly sha512?: string | undefined
  /** Where it came from, for messages. */
  readonly label: string
}

/**
 * Compares an imported image with what was expected. A server may convert images, which changes size and hash; it
 * changes the format as well then (glance/async_/flows/plugins/image_conversion.py, image_decompression.py).
 * @throws IntegrityError; the image has been deactivated then, so that it cannot be booted
 */
export async function compareImport(
  context: ImageContext,
  image: Image,
  expected: ExpectedData,
): Promise<{ readonly verdict: Verdict; readonly isConverted?: boolean }> {
  const { diskFormat, containerFormat, size, sha512, label } = expected
  if (image.diskFormat !== diskFormat || image.containerFormat !== containerFormat) {
    return { verdict: 'unverifiable', isConverted: true }
  }
  if (size !== undefined && image.size !== null && image.size !== size) {
    throw await withdrawn(context, image, label, { what: 'size', expected: String(size), actual: String(image.size) })
  }
  const actual = image.osHashAlgo?.toLowerCase() === 'sha512' ? image.osHashValue?.toLowerCase() : undefined
  if (sha512 === undefined || actual === undefined) return { verdict: 'unverifiable' }
  if (sha512 === actual) return { verdict: 'verified' }
  throw await withdrawn(context, image, label, { what: 'sha512', expected: sha512, actual })
}

async function withdrawn(
  context: ImageContext,
  image: Image,
  label: string,
  details: { readonly what: string; readonly expected: string; readonly actual: string },
): Promise<IntegrityError> {
  const { what, expected, actual } = details
  const error = new IntegrityError(
    `the image ${image.id} is not what ${label} was: its ${what} is ${actual}, and should be ${expected}`,
    details,
  )
  error.hint = 'the image was deactivated: delete it, and import again'
  await withdraw(context, image.id, error)
  return error
}
