import type { TyraxError } from '../errors/tyrax-error.js'

/**
 * The result of comparing hashes: the same, or not comparable, because the server has no hash or one that cannot be
 * computed here. A difference is an error instead, an IntegrityError or a ChecksumMismatch.
 */
export type Verdict = 'verified' | 'unverifiable'

/** Called with what was wrong when data arrived damaged, before it is fetched again from the beginning. */
export type OnDamaged = (error: TyraxError) => void
