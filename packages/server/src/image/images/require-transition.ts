import { canTransition, type KnownImageStatus } from '@tyrax/protocol'
import type { Refusal } from '../../refusal.js'

/** @throws the refusal that `refuse` creates, unless the status machine allows the transition */
export function requireTransition(
  from: KnownImageStatus,
  to: KnownImageStatus,
  refuse: (message: string) => Refusal,
): void {
  if (!canTransition(from, to)) throw refuse(`Image status transition from ${from} to ${to} is not allowed`)
}
