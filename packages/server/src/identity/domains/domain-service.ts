import type { Caller } from '../../context.js'
import { requireReader } from '../access/policy.js'
import type { AssignmentRepository } from '../assignments/assignment-repository.js'
import { couldNotFind } from '../errors.js'
import { defaultDomain } from './default-domain.js'

type Domain = typeof defaultDomain

/** The only domain there is (keystone/api/domains.py). */
export interface DomainService {
  list(caller: Caller, name?: string): Domain[]
  get(caller: Caller, id: string): Domain
  /** Lists the domains that the caller can get a token for. */
  listOwn(caller: Caller): Domain[]
}

export function createDomainService(assignments: AssignmentRepository): DomainService {
  return {
    list(caller, name = defaultDomain.name) {
      requireReader(caller, 'list_domains')
      return name === defaultDomain.name ? [defaultDomain] : []
    },
    get(caller, id) {
      if (id === defaultDomain.id) return defaultDomain
      requireReader(caller, 'get_domain')
      throw couldNotFind('domain', id)
    },
    listOwn: ({ userId }) =>
      assignments.effectiveRolesOf(userId, { kind: 'domain' }).length > 0 ? [defaultDomain] : [],
  }
}
