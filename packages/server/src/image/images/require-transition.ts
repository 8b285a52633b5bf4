import { canTransition, type KnownImageStatus } from '@tyrax/protocol'
import type { Refusal } from '../../refusal.js'

/** @throws what `refuse` makes of the reason, unless the status machine lets an image go there */
export function requireTransition(
  from: KnownImageStatus,
  to: KnownImageStatus,
  refuse: (message: string) => Refusal,
): void {
  if (!canTransition(from, to)) throw refuse(`Image status transition from ${from} to ${to} is not allowed`)
}
