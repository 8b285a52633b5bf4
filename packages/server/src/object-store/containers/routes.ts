import { listingType, typeHeaders } from '../http/listing-format.js'
import { listing, readListingQuery } from '../http/listing.js'
import { metadataHeaders, readMetadataChanges, withoutOwnersKeys } from '../http/metadata-headers.js'
import { type Handler, resource } from '../http/resource.js'
import { accepted, empty } from '../http/response.js'
import { targetOf } from '../../http/wire-request.js'
import { Refusal } from '../../refusal.js'
import { policyName, swiftLimits } from '../limits.js'
import type { ListedObject } from '../objects/object-record.js'
import { lastModified, listingTime, swiftTimestamp } from '../timestamps.js'
import type { ContainerRecord } from './container-record.js'
import type { ContainerService } from './container-service.js'

export interface ContainerAddress {
  readonly account: string
  readonly container: string
}

/** `/v1/{account}/{container}` (swift/proxy/controllers/container.py). */
export function containerRoutes(containers: ContainerService): Handler<ContainerAddress> {
  return resource({
    PUT: (c, { account, container }) => {
      requirePolicy(c.req.header('x-storage-policy'))
      const isNew = containers.put(account, container, readMetadataChanges('container', c))
      return isNew ? empty(c, 201) : accepted(c)
    },
    GET: (c, { account, container }, access) => {
      const type = listingType(c)
      const found = containers.get(account, container)
      const query = readListingQuery(targetOf(c), swiftLimits.container_listing_limit)
      return listing(
        c,
        type,
        { kind: 'container', name: container },
        containers.list(account, container, query),
        objectEntry,
        headersOf(found, access.isOwner(account)),
      )
    },
    HEAD: (c, { account, container }, access) => {
      const type = listingType(c)
      const headers = headersOf(containers.get(account, container), access.isOwner(account))
      return empty(c, 204, { ...headers, ...typeHeaders(c, type) })
    },
    POST: (c, { account, container }) => {
      containers.update(account, container, readMetadataChanges('container', c))
      return empty(c, 204)
    },
    DELETE: (c, { account, container }) => {
      containers.remove(account, container)
      return empty(c, 204)
    },
  })
}

/** @throws Refusal invalid for a policy other than the only one */
function requirePolicy(name: string | undefined): void {
  if (!name || name.toLowerCase() === policyName.toLowerCase()) return
  throw new Refusal('invalid', `Invalid X-Storage-Policy '${name}'`)
}

function objectEntry(object: ListedObject) {
  return {
    name: object.name,
    bytes: object.large?.size ?? object.size,
    hash: object.etag,
    ...(object.large ? { slo_etag: `"${object.large.etag}"` } : {}),
    content_type: object.contentType,
    last_modified: listingTime(object.modifiedMs),
  }
}

function headersOf(container: ContainerRecord, isOwner: boolean): Record<string, string> {
  return {
    'X-Container-Object-Count': String(container.objects),
    'X-Container-Bytes-Used': String(container.bytes),
    'X-Timestamp': swiftTimestamp(container.createdMs),
    'Last-Modified': lastModified(container.createdMs),
    'X-Storage-Policy': policyName,
    'Accept-Ranges': 'bytes',
    ...metadataHeaders(isOwner ? container.metadata : withoutOwnersKeys(container.metadata)),
  }
}
