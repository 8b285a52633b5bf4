import type { Problem } from '@tyrax/disk-image'
import { TyraxError } from './tyrax-error.js'

/** A source cannot be read, has changed, or cannot be opened again. */
export class SourceError extends TyraxError {
  override readonly name: string = 'SourceError'
}

/** A source does not match its published checksum. None of it is left on the server. */
export class ChecksumMismatch extends SourceError {
  override readonly name: string = 'ChecksumMismatch'
  readonly algorithm: string
  readonly expected: string
  readonly actual: string

  constructor(
    label: string,
    details: { algorithm: string; expected: string; actual: string; hint?: string | undefined },
  ) {
    const { algorithm, expected, actual, hint } = details
    super(`${label} is not what its checksum says: its ${algorithm} is ${actual}, and ${expected} was published`, {
      hint: hint ?? 'get the file again, and make sure that the checksum is the one of this very file',
    })
    this.algorithm = algorithm
    this.expected = expected
    this.actual = actual
  }
}

/**
 * An image made of the data would be unusable, or the image service would refuse it: an error page, a truncated file, a
 * backing file. Nothing was sent; `force` sends it anyway.
 */
export class DiskImageRefused extends TyraxError {
  override readonly name: string = 'DiskImageRefused'
  /** Each has a hint on what to do. */
  readonly problems: readonly Problem[]

  constructor(message: string, details: { problems?: readonly Problem[] | undefined; hint?: string | undefined }) {
    super(message, { hint: details.hint })
    this.problems = details.problems ?? []
  }
}

/** The data has a different format than the one declared for the image. Nothing was sent. */
export class DiskFormatMismatch extends DiskImageRefused {
  override readonly name: string = 'DiskFormatMismatch'
  readonly declared: string
  readonly detected: string

  constructor(
    message: string,
    details: {
      declared: string
      detected: string
      problems?: readonly Problem[] | undefined
      hint?: string | undefined
    },
  ) {
    super(message, details)
    this.declared = details.declared
    this.detected = details.detected
  }
}

/** The data stored or received differs from what was sent, in hash or size. */
export class IntegrityError extends TyraxError {
  override readonly name: string = 'IntegrityError'
  readonly expected: string
  readonly actual: string
  readonly what: string

  constructor(message: string, details: { what: string; expected: string; actual: string }) {
    super(message)
    this.what = details.what
    this.expected = details.expected
    this.actual = details.actual
  }
}

/** A local file cannot be written: it exists, is a directory, is not writable, or the disk is full. */
export class TargetError extends TyraxError {
  override readonly name: string = 'TargetError'
}
