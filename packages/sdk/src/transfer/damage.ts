import type { TyraxError } from '../errors/tyrax-error.js'

/** Called with what was wrong when bytes came damaged, before they are fetched once more from the beginning. */
export type OnDamaged = (error: TyraxError) => void
