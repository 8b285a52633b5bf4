import type { Caller } from '../../context.js'
import { requireDomainReader, requireManager, requireManagerOf } from '../access/policy.js'
import type { Departures } from '../departures.js'
import { defaultDomain, isDefaultDomainId } from '../domains/default-domain.js'
import { couldNotFind } from '../errors.js'
import { namedRecords } from '../named-records.js'
import { extraFields, requireSamePlace, type Attributes } from '../schema.js'
import { freshId } from '../stable-id.js'
import type { GroupRecord, GroupRepository } from './group-repository.js'
import { groupFields } from './group-schema.js'

/** Filters for listing groups; a field that is left out matches all. */
export interface GroupFilter {
  readonly name?: string | undefined
  readonly domainId?: string | undefined
}

/** The groups (keystone/api/groups.py, keystone/identity/core.py). */
export interface GroupService {
  list(caller: Caller, filter: GroupFilter): GroupRecord[]
  get(caller: Caller, id: string): GroupRecord
  create(caller: Caller, fields: Attributes): GroupRecord
  update(caller: Caller, id: string, fields: Attributes): GroupRecord
  /** Its grants end with it, and the tokens of its users if it had any. */
  remove(caller: Caller, id: string): void
}

interface GroupServiceParts {
  readonly groups: GroupRepository
  readonly departures: Departures
}

export function createGroupService({ groups, departures }: GroupServiceParts): GroupService {
  const { find, requireUnusedName } = namedRecords('group', groups)
  return {
    list(caller, { name, domainId }) {
      requireDomainReader(caller, 'list_groups')
      return isDefaultDomainId(domainId) ? groups.list(name) : []
    },
    get(caller, id) {
      requireDomainReader(caller, 'get_group')
      return find(id)
    },
    create(caller, fields) {
      requireManagerOf(caller, fields['domain_id'], 'create_group')
      if (!isDefaultDomainId(fields['domain_id'])) throw couldNotFind('domain', String(fields['domain_id']))
      const group = changed({ id: freshId(), name: '', description: '', extra: {} }, fields)
      const taken = `Duplicate entry found with name ${group.name} at domain ID ${defaultDomain.id}`
      requireUnusedName(group.name, group.id, taken)
      groups.insert(group)
      return group
    },
    update(caller, id, fields) {
      requireManager(caller, 'update_group')
      const known = find(id)
      requireSamePlace(fields, id, defaultDomain.id)
      const group = changed(known, fields)
      requireUnusedName(group.name, id)
      groups.update(group)
      return group
    },
    remove(caller, id) {
      requireManager(caller, 'delete_group')
      departures.removeGroup(find(id).id)
    },
  }
}

/** The group after a request, whose fields' types the schema has checked. */
function changed(known: GroupRecord, fields: Attributes): GroupRecord {
  const { name, description } = fields as Partial<GroupRecord>
  return {
    id: known.id,
    name: name?.trim() ?? known.name,
    description: description === undefined ? known.description : description,
    extra: { ...known.extra, ...extraFields(fields, groupFields) },
  }
}
