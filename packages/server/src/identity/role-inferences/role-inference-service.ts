import type { Caller } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { requireAdmin, requireReader } from '../access/policy.js'
import { conflict, couldNotFind } from '../errors.js'
import type { Role, RoleRepository } from '../roles/role-repository.js'
import type { RoleInference, RoleInferenceRepository } from './role-inference-repository.js'

/** A role with those that it implies itself, not by way of others. */
export interface ImpliedRoles {
  readonly prior: Role
  readonly implied: readonly Role[]
}

/** Which role implies which (keystone/api/roles.py `RoleImplication…Resource`, keystone/api/role_inferences.py). */
export interface RoleInferenceService {
  /** Lists the roles that imply others. */
  list(caller: Caller): ImpliedRoles[]
  impliedBy(caller: Caller, priorId: string): ImpliedRoles
  /** @throws not-found unless the one role implies the other */
  get(caller: Caller, inference: RoleInference): ImpliedRoles
  create(caller: Caller, inference: RoleInference): ImpliedRoles
  remove(caller: Caller, inference: RoleInference): void
}

interface RoleInferenceServiceParts {
  readonly roles: RoleRepository
  readonly roleInferences: RoleInferenceRepository
}

export function createRoleInferenceService({ roles, roleInferences }: RoleInferenceServiceParts): RoleInferenceService {
  const find = (id: string): Role => {
    const role = roles.find(id)
    if (role === undefined) throw couldNotFind('role', id)
    return role
  }
  const impliedOf = (prior: Role): ImpliedRoles => ({
    prior,
    implied: roleInferences
      .list()
      .filter(({ priorId }) => priorId === prior.id)
      .map(({ impliedId }) => find(impliedId)),
  })
  const requireInference = (inference: RoleInference) => {
    if (roleInferences.has(inference)) return
    throw new Refusal('not-found', `${inference.priorId} does not imply ${inference.impliedId}.`)
  }
  // Keystone looks up the roles before it asks whether the caller may (`_build_enforcement_target_ref`).
  const both = ({ priorId, impliedId }: RoleInference) =>
    ({ prior: find(priorId), implied: [find(impliedId)] }) as const
  return {
    list(caller) {
      requireReader(caller, 'list_role_inference_rules')
      return roles
        .list()
        .map(impliedOf)
        .filter(({ implied }) => implied.length > 0)
    },
    impliedBy(caller, priorId) {
      const prior = find(priorId)
      requireReader(caller, 'list_implied_roles')
      return impliedOf(prior)
    },
    get(caller, inference) {
      const found = both(inference)
      requireReader(caller, 'get_implied_role')
      requireInference(inference)
      return found
    },
    create(caller, inference) {
      const made = both(inference)
      requireAdmin(caller, 'create_implied_role')
      const [implied] = made.implied
      // `[assignment] prohibited_implied_role`
      if (implied.name === 'admin') throw new Refusal('forbidden', `${implied.id} cannot be an implied roles.`)
      if (roleInferences.has(inference)) throw conflict('implied_role', 'Duplicate entry')
      roleInferences.insert(inference)
      return made
    },
    remove(caller, inference) {
      both(inference)
      requireAdmin(caller, 'delete_implied_role')
      requireInference(inference)
      roleInferences.remove(inference)
    },
  }
}
