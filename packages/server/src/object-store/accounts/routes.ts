import { empty, listing, type ListingEntry, targetOf, type SwiftContext } from '../http/response.js'
import { type ListingQuery, listPage, readListingQuery } from '../listing/listing.js'
import { mergeMetadata, metadataHeaders, swiftLimits } from '../metadata.js'
import type { AccountRecord, ListedContainer, ObjectStoreRepository } from '../objects/object-repository.js'
import { SwiftFault } from '../errors.js'
import { listingTime, swiftTimestamp } from '../timestamps.js'

/** GET, HEAD and POST of `/v1/{account}`. Accounts are there once somebody who may asks for them. */
export function accountRoutes(repository: ObjectStoreRepository, nowMs: () => number) {
  const fresh = (name: string): AccountRecord => {
    return { name, metadata: {}, createdMs: nowMs(), containers: 0, objects: 0, bytes: 0 }
  }

  return {
    ensure(name: string): void {
      if (!repository.hasAccount(name)) repository.saveAccount(name, {}, nowMs())
    },
    handle(c: SwiftContext, name: string): Response | Promise<Response> {
      const { method } = c.req.raw
      const account = repository.account(name) ?? fresh(name)
      if (method === 'HEAD') return empty(c, 204, headersOf(account))
      if (method === 'POST') {
        repository.saveAccount(name, mergeMetadata('account', account.metadata, c.req.raw.headers), nowMs())
        return empty(c, 204, {})
      }
      if (method !== 'GET') throw new SwiftFault(405, undefined, { Allow: 'GET, HEAD, OPTIONS, POST' })
      return list(c, account)
    },
  }

  function list(c: SwiftContext, account: AccountRecord): Promise<Response> {
    const query = readListingQuery(targetOf(c), swiftLimits.account_listing_limit)
    return listing(c, pages(account.name, query), headersOf(account))
  }

  async function* pages(account: string, query: ListingQuery): AsyncGenerator<ListingEntry[], void> {
    for await (const page of listPage(query, (bounds) => repository.scanContainers(account, bounds))) {
      yield page.map((entry) => ('subdir' in entry ? { subdir: entry.subdir } : containerEntry(entry.row)))
    }
  }
}

function containerEntry(container: ListedContainer) {
  return {
    name: container.name,
    count: container.objects,
    bytes: container.bytes,
    last_modified: listingTime(container.createdMs),
  }
}

function headersOf(account: AccountRecord): Record<string, string> {
  return {
    'X-Account-Container-Count': String(account.containers),
    'X-Account-Object-Count': String(account.objects),
    'X-Account-Bytes-Used': String(account.bytes),
    'X-Timestamp': swiftTimestamp(account.createdMs),
    ...metadataHeaders(account.metadata),
  }
}
