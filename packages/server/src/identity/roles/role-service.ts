import type { Caller } from '../../context.js'
import { requireAdmin } from '../access/policy.js'
import { couldNotFind } from '../errors.js'
import { roles, type Role } from './roles.js'

/** The roles of the cloud, which never change (keystone/api/roles.py). */
export interface RoleService {
  list(caller: Caller, name?: string): Role[]
  get(caller: Caller, id: string): Role
}

export const roleService: RoleService = {
  list(caller, name) {
    requireAdmin(caller, 'list_roles')
    return roles.filter((role) => name === undefined || role.name === name)
  },
  get(caller, id) {
    requireAdmin(caller, 'get_role')
    const role = roles.find((each) => each.id === id)
    if (role === undefined) throw couldNotFind('role', id)
    return role
  },
}
