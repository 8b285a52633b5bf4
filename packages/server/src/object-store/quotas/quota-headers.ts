import { Refusal } from '../../refusal.js'
import { policyName } from '../limits.js'
import type { MetadataChanges } from '../metadata.js'

/** Under these names the metadata of an account has its quotas, which only a reseller may set. */
const accountQuotas = (['bytes', 'count'] as const).flatMap((kind) => [
  `x-account-quota-${kind}`,
  `x-account-quota-${kind}-policy-${policyName.toLowerCase()}`,
])
const legacy = 'x-account-meta-quota-bytes'

/**
 * The changes of an account's metadata, its quotas checked (swift/common/middleware/account_quotas.py).
 * @param isReseller whether the requester may set quotas
 * @throws Refusal forbidden; invalid for a quota that is no number
 */
export function accountChanges(changes: MetadataChanges, isReseller: boolean): MetadataChanges {
  const isNamed = (name: string) => changes.some(([each]) => each === name)
  const all = changes.flatMap(([name, value]): MetadataChanges =>
    name === legacy && !isNamed('x-account-quota-bytes')
      ? [
          [name, value],
          ['x-account-quota-bytes', value],
        ]
      : [[name, value]],
  )
  for (const [name, value] of all) {
    if (!accountQuotas.includes(name)) continue
    if (!isReseller) throw new Refusal('forbidden')
    if (value !== undefined && !/^\d+$/.test(value)) throw new Refusal('invalid')
  }
  return all
}

/**
 * Checks the quotas among the changes of a container's metadata (swift/common/middleware/container_quotas.py).
 * @throws Refusal invalid
 */
export function checkContainerQuotas(changes: MetadataChanges): void {
  for (const [name, value] of changes) {
    const [, kind] = /^x-container-meta-quota-(bytes|count)$/.exec(name) ?? []
    if (kind !== undefined && value !== undefined && !/^\d+$/.test(value)) {
      throw new Refusal('invalid', `Invalid ${kind} quota.`)
    }
  }
}
