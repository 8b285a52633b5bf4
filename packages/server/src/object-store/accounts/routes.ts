import type { ListedContainer } from '../containers/container-record.js'
import { listingType, typeHeaders } from '../http/listing-format.js'
import { listing, readListingQuery } from '../http/listing.js'
import { metadataHeaders, readMetadataChanges } from '../http/metadata-headers.js'
import { type Handler, resource } from '../http/resource.js'
import { empty } from '../http/response.js'
import { targetOf } from '../../http/wire-request.js'
import { policyName, swiftLimits } from '../limits.js'
import { listingTime, swiftTimestamp } from '../timestamps.js'
import type { AccountRecord } from './account-record.js'
import type { AccountService } from './account-service.js'

/** `/v1/{account}` (swift/proxy/controllers/account.py). */
export function accountRoutes(accounts: AccountService): Handler<string> {
  return resource({
    GET: (c, name) => {
      const type = listingType(c)
      const account = accounts.get(name)
      const query = readListingQuery(targetOf(c), swiftLimits.account_listing_limit)
      return listing(c, type, { kind: 'account', name }, accounts.list(name, query), containerEntry, headersOf(account))
    },
    HEAD: (c, name) => {
      const type = listingType(c)
      const account = accounts.get(name)
      // An account that does not exist yet is shown as an empty one, by other code.
      return empty(c, account.isStored ? 204 : 200, { ...headersOf(account), ...typeHeaders(c, type) })
    },
    POST: (c, name, { isReseller }) => {
      accounts.update(name, readMetadataChanges('account', c), isReseller)
      return empty(c, 204)
    },
  })
}

function containerEntry(container: ListedContainer) {
  return {
    name: container.name,
    count: container.objects,
    bytes: container.bytes,
    last_modified: listingTime(container.createdMs),
    storage_policy: policyName,
  }
}

function headersOf(account: AccountRecord): Record<string, string> {
  return {
    'X-Account-Container-Count': String(account.containers),
    'X-Account-Object-Count': String(account.objects),
    'X-Account-Bytes-Used': String(account.bytes),
    'X-Timestamp': swiftTimestamp(account.createdMs),
    'Accept-Ranges': 'bytes',
    ...(account.hadContainers ? usageByPolicy(account) : {}),
    ...(account.isStored ? { 'X-Account-Project-Domain-Id': 'default' } : {}),
    ...metadataHeaders(account.metadata),
  }
}

/** All containers have the only policy. */
function usageByPolicy({ containers, objects, bytes }: AccountRecord): Record<string, string> {
  const prefix = `X-Account-Storage-Policy-${policyName}`
  return {
    [`${prefix}-Container-Count`]: String(containers),
    [`${prefix}-Object-Count`]: String(objects),
    [`${prefix}-Bytes-Used`]: String(bytes),
  }
}
