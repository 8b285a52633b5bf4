import type { Access } from '../access/access.js'
import type { ObjectAddress } from '../address.js'

/**
 * Checks that an object may be stored: the quotas of its container and its account. An object that it replaces counts,
 * too, as with Swift.
 * @param bytes its declared size; 0 when it is not declared
 * @throws Refusal over-limit
 */
export type RequireRoom = (at: ObjectAddress, bytes: number, access: Access) => void
