import { stableId } from '../stable-id.js'

/** Each role and the roles that it implies (`keystone-manage bootstrap`). */
const implied: Readonly<Record<string, readonly string[]>> = {
  admin: ['manager', 'member', 'reader'],
  manager: ['member', 'reader'],
  member: ['reader'],
  reader: [],
  service: [],
}

export interface Role {
  readonly id: string
  readonly name: string
}

/** The roles of the cloud, by name. */
export const roles: readonly Role[] = Object.keys(implied).map((name) => ({ id: stableId('role', name), name }))

export function findRole(idOrName: string): Role | undefined {
  return roles.find(({ id, name }) => id === idOrName || name === idOrName)
}

/** The names of these roles and of those that they imply, in the order of `roles`. */
export function withImplied(names: readonly string[]): string[] {
  const all = new Set(names.flatMap((name) => [name, ...(Object.hasOwn(implied, name) ? (implied[name] ?? []) : [])]))
  return Object.keys(implied).filter((name) => all.has(name))
}

/** Roles as Keystone lists them. */
export function toRoles(names: readonly string[]): Role[] {
  return roles.filter(({ name }) => names.includes(name))
}
