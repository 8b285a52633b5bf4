import type { TyraxError } from '../errors/tyrax-error.js'

/**
 * The result of comparing hashes: equal, or not comparable, because the server has no hash or one that cannot be
 * computed here. A difference is thrown instead, as an IntegrityError or a ChecksumMismatch.
 */
export type Verdict = 'verified' | 'unverifiable'

/** Called with the error when data arrived damaged, before it is fetched again from the beginning. */
export type OnDamaged = (error: TyraxError) => void
