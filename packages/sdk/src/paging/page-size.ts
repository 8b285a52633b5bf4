import { UsageError } from '../errors/tyrax-error.js'

/** @throws UsageError unless it is a whole number, 0 or more */
export function checkPageSize(limit: number | undefined): void {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit >= 0)) return
  throw new UsageError(`limit is ${String(limit)}: it must be a whole number, 0 or more`, {
    hint: "limit is the size of a page; leave it out for the server's own",
  })
}
