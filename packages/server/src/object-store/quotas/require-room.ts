import { Refusal } from '../../refusal.js'
import type { AccountRecord } from '../accounts/account-record.js'
import type { ContainerRecord } from '../containers/container-record.js'
import { policyName } from '../limits.js'
import type { RequireRoom } from '../objects/room.js'

interface QuotaParts {
  readonly findAccount: (name: string) => AccountRecord | undefined
  readonly findContainer: (account: string, name: string) => ContainerRecord | undefined
}

const policy = `-policy-${policyName.toLowerCase()}`

/** Finds the quotas of an object's container and account, and what is in use there. */
export function createRequireRoom({ findAccount, findContainer }: QuotaParts): RequireRoom {
  return (at, bytes, access) => {
    const container = findContainer(at.account, at.container)
    if (container !== undefined) {
      const { metadata } = container
      requireWithin(metadata['x-container-meta-quota-bytes'], container.bytes + bytes)
      requireWithin(metadata['x-container-meta-quota-count'], container.objects + 1)
    }
    const account = access.isReseller ? undefined : findAccount(at.account)
    if (account === undefined) return
    const { metadata } = account
    const quota = metadata['x-account-quota-bytes'] ?? metadata['x-account-meta-quota-bytes']
    requireWithin(quota, account.bytes + bytes)
    requireWithin(metadata['x-account-quota-count'], account.objects + 1)
    requireWithin(metadata[`x-account-quota-bytes${policy}`], account.bytes + bytes, 'policy quota')
    requireWithin(metadata[`x-account-quota-count${policy}`], account.objects + 1, 'policy quota')
  }
}

/** @param quota digits; anything else is no limit */
function requireWithin(quota: string | undefined, wanted: number, what = 'quota'): void {
  if (quota === undefined || !/^\d+$/.test(quota) || wanted <= Number(quota)) return
  throw new Refusal('over-limit', `Upload exceeds ${what}.`)
}
