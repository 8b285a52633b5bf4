import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { requireAdmin, requireReader } from '../access/policy.js'
import type { Departures } from '../departures.js'
import { namedRecords } from '../named-records.js'
import { refuseImmutableDelete, refuseImmutableUpdate } from '../immutable.js'
import { extraFields, mergeOptions, requireSamePlace, type Attributes } from '../schema.js'
import { freshId } from '../stable-id.js'
import type { RoleRecord, RoleRepository } from './role-repository.js'
import { roleFields } from './role-schema.js'

/** The roles (keystone/api/roles.py, keystone/assignment/core.py `RoleManager`). */
export interface RoleService {
  list(caller: Caller, name?: string): RoleRecord[]
  get(caller: Caller, id: string): RoleRecord
  /** It implies no other role. */
  create(caller: Caller, fields: Attributes): RoleRecord
  update(caller: Caller, id: string, fields: Attributes): RoleRecord
  /** Its grants end with it. */
  remove(caller: Caller, id: string): void
}

interface RoleServiceParts {
  readonly roles: RoleRepository
  readonly departures: Departures
  /** Runs `work` in one transaction. */
  readonly inTransaction: (work: () => void) => void
}

export function createRoleService({ roles, departures, inTransaction }: RoleServiceParts): RoleService {
  const { find, requireUnusedName } = namedRecords('role', roles)
  return {
    list(caller, name) {
      requireReader(caller, 'list_roles')
      return roles.list(name)
    },
    get(caller, id) {
      requireReader(caller, 'get_role')
      return find(id)
    },
    create(caller, fields) {
      requireAdmin(caller, 'create_role')
      if (typeof fields['domain_id'] === 'string') {
        throw new Refusal('invalid', 'This cloud has no roles of a domain: leave out domain_id.')
      }
      const role = changed({ id: freshId(), name: '', description: null, options: {}, extra: {} }, fields)
      requireUnusedName(role.name, role.id)
      roles.insert(role)
      return role
    },
    update(caller, id, fields) {
      requireAdmin(caller, 'update_role')
      const known = find(id)
      requireSamePlace({ id: fields['id'] }, id, '')
      refuseImmutableUpdate('role', known, fields)
      if (typeof fields['domain_id'] === 'string') {
        throw new Refusal('invalid', 'Update of `domain_id` is not allowed.')
      }
      const role = changed(known, fields)
      requireUnusedName(role.name, id)
      inTransaction(() => roles.update(role))
      return role
    },
    remove(caller, id) {
      requireAdmin(caller, 'delete_role')
      const role = find(id)
      refuseImmutableDelete('role', role)
      departures.removeRole(role)
    },
  }
}

/** The role after a request, whose fields' types the schema has checked. */
function changed(known: RoleRecord, fields: Attributes): RoleRecord {
  const { name, description, options } = fields as Partial<RoleRecord>
  return {
    id: known.id,
    name: name ?? known.name,
    description: description === undefined ? known.description : description,
    options: mergeOptions(known.options, options),
    extra: { ...known.extra, ...extraFields(fields, roleFields) },
  }
}
