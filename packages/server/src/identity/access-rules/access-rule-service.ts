import type { Caller } from '../../context.js'
import type { AccessRule } from '../../http/access-rules.js'
import { Refusal } from '../../refusal.js'
import { requireSelfOrSystem } from '../access/policy.js'
import type { ApplicationCredentialRepository } from '../application-credentials/application-credential-repository.js'
import { couldNotFind } from '../errors.js'
import { freshId } from '../stable-id.js'
import type { AccessRuleRepository } from './access-rule-repository.js'
import type { RuleReference, WantedRule } from './wanted-rules.js'

/** Filters for listing rules; a field that is left out matches all. */
export type AccessRuleFilter = { readonly [Key in 'service' | 'path' | 'method']?: string | undefined }

/**
 * The access rules of a user, created with application credentials (keystone/api/users.py `UserAccessRule…Resource`).
 */
export interface AccessRuleService {
  list(caller: Caller, userId: string, filter: AccessRuleFilter): AccessRule[]
  get(caller: Caller, userId: string, id: string): AccessRule
  /** @throws forbidden while an application credential uses the rule */
  remove(caller: Caller, userId: string, id: string): void
  /** The rules that a new application credential requests: existing rules of the user if they match, else new ones. */
  choose(userId: string, wanted: readonly (WantedRule | RuleReference)[]): AccessRule[]
  /** Stores the rules that are new. */
  keep(userId: string, rules: readonly AccessRule[]): void
}

interface AccessRuleServiceParts {
  readonly accessRules: AccessRuleRepository
  readonly applicationCredentials: ApplicationCredentialRepository
}

export function createAccessRuleService(parts: AccessRuleServiceParts): AccessRuleService {
  const { accessRules, applicationCredentials } = parts
  const find = (userId: string, id: string): AccessRule => {
    const rule = accessRules.find(userId, id)
    if (rule === undefined) throw couldNotFind('Access Rule', id)
    return rule
  }
  return {
    list(caller, userId, { service, path, method }) {
      requireSelfOrSystem(caller, userId, 'reader', 'list_access_rules')
      return accessRules
        .list(userId)
        .filter((rule) =>
          isSame(rule, { service: service ?? rule.service, path: path ?? rule.path, method: method ?? rule.method }),
        )
    },
    get(caller, userId, id) {
      requireSelfOrSystem(caller, userId, 'reader', 'get_access_rule')
      return find(userId, id)
    },
    remove(caller, userId, id) {
      requireSelfOrSystem(caller, userId, 'admin', 'delete_access_rule')
      const rule = find(userId, id)
      const isUsed = applicationCredentials.list(userId).some((each) => each.accessRules.some((one) => one.id === id))
      if (isUsed) throw new Refusal('forbidden', 'May not delete access rule in use')
      accessRules.remove(userId, rule.id)
    },
    // keystone/application_credential/backends/sql.py
    choose(userId, wanted) {
      const chosen = new Map<string, AccessRule>()
      for (const rule of wanted) {
        const known = rule.id === undefined ? undefined : accessRules.find(userId, rule.id)
        if (known === undefined && rule.id !== undefined && (!('path' in rule) || accessRules.isTaken(rule.id))) {
          throw couldNotFind('Access Rule', rule.id)
        }
        if (known !== undefined) chosen.set(known.id, known)
        else if ('path' in rule) {
          const same = accessRules.findSame(userId, rule) ?? [...chosen.values()].find((each) => isSame(each, rule))
          const { id = freshId(), service, path, method } = rule
          const fresh = same ?? { id, service, path, method }
          chosen.set(fresh.id, fresh)
        }
      }
      return [...chosen.values()]
    },
    keep(userId, rules) {
      for (const rule of rules) if (accessRules.find(userId, rule.id) === undefined) accessRules.insert(userId, rule)
    },
  }
}

function isSame(one: Omit<AccessRule, 'id'>, other: Omit<AccessRule, 'id'>): boolean {
  return one.service === other.service && one.path === other.path && one.method === other.method
}
