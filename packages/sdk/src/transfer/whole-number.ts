import { UsageError } from '../errors/tyrax-error.js'

/** @throws UsageError for an option that is no whole number, or out of bounds */
export function checkWholeNumber(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return
  throw new UsageError(`${name} is a whole number from ${least} to ${most}, not ${value}`)
}
