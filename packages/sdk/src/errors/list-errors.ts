import { TyraxError } from './tyrax-error.js'

/** A list could not be read to its end: the items so far are not all of it. */
export class ListInterruptedError extends TyraxError {
  override readonly name: string = 'ListInterruptedError'
  /** The marker at which it stopped. */
  readonly marker: string

  constructor(message: string, marker: string, options?: ErrorOptions & { hint?: string }) {
    super(message, options)
    this.marker = marker
  }
}
