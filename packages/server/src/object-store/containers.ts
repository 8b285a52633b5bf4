import { SwiftFault } from './errors.js'
import { empty, listing, type SwiftContext } from './exchange.js'
import { listPage, readListingQuery } from './listing.js'
import { mergeMetadata, metadataHeaders, swiftLimits } from './metadata.js'
import type { ContainerRecord, ObjectRecord, ObjectStoreRepository } from './repository.js'
import { lastModified, listingTime, swiftTimestamp } from './timestamps.js'

/** PUT, GET, HEAD, POST and DELETE of `/v1/{account}/{container}`. */
export function containerRoutes(repository: ObjectStoreRepository, nowMs: () => number) {
  return (c: SwiftContext, account: string, name: string): Response => {
    const { method, headers } = c.req.raw
    const known = repository.container(account, name)
    if (method === 'PUT') {
      if (Buffer.byteLength(name) > swiftLimits.max_container_name_length) {
        throw new SwiftFault(400, `Container name length of ${Buffer.byteLength(name)} longer than 256`)
      }
      repository.saveContainer(account, name, mergeMetadata('container', known?.metadata ?? {}, headers), nowMs())
      return empty(known ? 202 : 201, {})
    }
    if (!['GET', 'HEAD', 'POST', 'DELETE'].includes(method)) {
      throw new SwiftFault(405, undefined, { Allow: 'DELETE, GET, HEAD, OPTIONS, POST, PUT' })
    }
    if (!known) throw new SwiftFault(404)
    if (method === 'HEAD') return empty(204, headersOf(known))
    if (method === 'POST') {
      repository.saveContainer(account, name, mergeMetadata('container', known.metadata, headers), nowMs())
      return empty(204, {})
    }
    if (method === 'DELETE') {
      if (known.objects > 0) throw new SwiftFault(409)
      repository.deleteContainer(account, name)
      return empty(204, {})
    }
    const query = readListingQuery(new URL(c.req.url).searchParams, swiftLimits.container_listing_limit)
    const page = listPage(query, (bounds) => repository.scanObjects(account, name, bounds))
    const entries = page.map((entry) => ('subdir' in entry ? { subdir: entry.subdir } : objectEntry(entry.row)))
    return listing(c, entries, headersOf(known))
  }
}

function objectEntry(object: ObjectRecord) {
  return {
    name: object.name,
    bytes: object.large?.size ?? object.size,
    hash: object.etag,
    ...(object.large ? { slo_etag: `"${object.large.etag}"` } : {}),
    content_type: object.contentType,
    last_modified: listingTime(object.modifiedMs),
  }
}

function headersOf(container: ContainerRecord): Record<string, string> {
  return {
    'X-Container-Object-Count': String(container.objects),
    'X-Container-Bytes-Used': String(container.bytes),
    'X-Timestamp': swiftTimestamp(container.createdMs),
    'Last-Modified': lastModified(container.createdMs),
    'X-Storage-Policy': 'Policy-0',
    'Accept-Ranges': 'bytes',
    ...metadataHeaders(container.metadata),
  }
}
