import { TyraxError } from './tyrax-error.js'

/** A source cannot be read, is not what it was, or cannot be opened again. */
export class SourceError extends TyraxError {
  override readonly name: string = 'SourceError'
}

/** The first bytes are recognisably another format than the image is declared to have. Nothing was sent. */
export class DiskFormatMismatch extends TyraxError {
  override readonly name: string = 'DiskFormatMismatch'
  readonly declared: string
  readonly detected: string

  constructor(message: string, details: { declared: string; detected: string; hint?: string | undefined }) {
    super(message, { hint: details.hint })
    this.declared = details.declared
    this.detected = details.detected
  }
}

/** What was stored or received is not what was sent: hash or size differs. */
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
