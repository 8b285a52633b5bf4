import { AbortError, ConnectionError, TimeoutError } from './connection-errors.js'
import { addHint, TyraxError } from './tyrax-error.js'

/** Whether a call was cut short, by its caller, a time limit or the network, rather than refused. */
export function wasCutShort(error: unknown): boolean {
  return error instanceof AbortError || error instanceof TimeoutError || error instanceof ConnectionError
}

const continued = new WeakSet<TyraxError>()

/** Appends to the hint what a call has left behind, and what the same call does when it is made again. */
export function sayWhatIsLeft(error: unknown, text: string): void {
  addHint(error, text)
  if (error instanceof TyraxError) continued.add(error)
}

/** Whether the hint of an error says what is left, so that the call can be made again. */
export function saysWhatIsLeft(error: unknown): boolean {
  return error instanceof TyraxError && continued.has(error)
}
