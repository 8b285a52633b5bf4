import { Refusal } from '../../refusal.js'
import type { Metadata } from '../metadata.js'

/** Under this name an object's metadata has the second since 1970 from which on the object is gone. */
export const deleteAtHeader = 'x-delete-at'

/** The most that Swift stores: ten digits. */
const latest = 9_999_999_999

/**
 * The expiry that a write asks for (swift/common/constraints.py `check_delete_headers`): undefined for none.
 * @param after X-Delete-After, in seconds from now; has precedence
 * @param at X-Delete-At, in seconds since 1970
 * @throws Refusal invalid when it is no integer or in the past
 */
export function readDeleteAt(after: string | undefined, at: string | undefined, nowMs: number): string | undefined {
  if (after === undefined && at === undefined) return undefined
  const [header, wanted] =
    after === undefined
      ? ['X-Delete-At', integer(at ?? '', 'X-Delete-At')]
      : ['X-Delete-After', nowMs / 1000 + integer(after, 'X-Delete-After')]
  const second = Math.trunc(Math.min(Math.max(wanted, 0), latest))
  if (second <= nowMs / 1000) throw new Refusal('invalid', `${header} in past`)
  return String(second).padStart(10, '0')
}

/** When an object with this metadata expires, in seconds since 1970; undefined when it does not. */
export function deleteAtOf(metadata: Metadata): number | undefined {
  const value = metadata[deleteAtHeader]
  return value === undefined ? undefined : Number(value)
}

/** Whether an object is gone at this time. @param deleteAt in seconds since 1970 */
export function isExpired(deleteAt: number | undefined, nowMs: number): boolean {
  return deleteAt !== undefined && deleteAt * 1000 <= nowMs
}

function integer(text: string, header: string): number {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new Refusal('invalid', `Non-integer ${header}`)
  return Number(text)
}
