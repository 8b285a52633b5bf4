import { Refusal } from '../../refusal.js'
import type { Receipt } from '../receipts/receipt-service.js'
import type { UserRecord } from '../users/user-repository.js'

/** The login was right, but its user must pass more methods; rendered with a receipt for those that were passed. */
export class MoreMethodsNeeded extends Refusal {
  readonly receipt: Receipt
  readonly user: UserRecord
  /** Combinations of methods; any one of them is sufficient. */
  readonly required: readonly (readonly string[])[]

  constructor(receipt: Receipt, user: UserRecord, required: readonly (readonly string[])[]) {
    super('unauthenticated', 'Insufficient auth methods received.')
    this.receipt = receipt
    this.user = user
    this.required = required
  }
}

/**
 * The combinations that the user must pass, when `passed` is not sufficient (keystone/auth/core.py
 * `check_auth_methods_against_rules`). Undefined: it is. Methods that this cloud does not have are left out of a rule,
 * so that no user is locked out.
 */
export function stillRequired(
  { options }: UserRecord,
  passed: readonly string[],
  known: readonly string[],
): readonly (readonly string[])[] | undefined {
  if (options['multi_factor_auth_enabled'] === false) return undefined
  const rules = rulesOf(options['multi_factor_auth_rules'])
    .map((rule) => rule.filter((method) => known.includes(method)))
    .filter((rule) => rule.length > 0)
  if (rules.length === 0 || rules.some((rule) => rule.every((method) => passed.includes(method)))) return undefined
  // Others cannot be continued with what was passed (keystone/models/receipt_model.py `required_methods`).
  return rules.filter((rule) => rule.some((method) => passed.includes(method)))
}

function rulesOf(value: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(value)) return []
  return value.filter(
    (rule): rule is string[] => Array.isArray(rule) && rule.every((method) => typeof method === 'string'),
  )
}
