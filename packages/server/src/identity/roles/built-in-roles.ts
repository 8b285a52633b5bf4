import { stableId } from '../stable-id.js'

/** The roles that every cloud begins with, and the one that each implies (`keystone-manage bootstrap`). */
export const builtInRoles = [
  { name: 'admin', implies: 'manager' },
  { name: 'manager', implies: 'member' },
  { name: 'member', implies: 'reader' },
  { name: 'reader', implies: undefined },
  { name: 'service', implies: undefined },
].map((role) => ({ ...role, id: stableId('role', role.name) }))
