import { SwiftFault } from '../errors.js'
import { checkName } from '../http/target.js'
import { empty, listing, type ListingEntry, targetOf, type SwiftContext } from '../http/response.js'
import { type ListingQuery, listPage, readListingQuery } from '../listing/listing.js'
import { mergeMetadata, metadataHeaders, swiftLimits } from '../metadata.js'
import type { ContainerRecord, ListedObject, ObjectStoreRepository } from '../objects/object-repository.js'
import { lastModified, listingTime, swiftTimestamp } from '../timestamps.js'

/** PUT, GET, HEAD, POST and DELETE of `/v1/{account}/{container}`. */
export function containerRoutes(repository: ObjectStoreRepository, nowMs: () => number) {
  return (c: SwiftContext, account: string, name: string): Response | Promise<Response> => {
    const { method, headers } = c.req.raw
    const known = repository.container(account, name)
    if (method === 'PUT') {
      checkName({ container: name })
      repository.saveContainer(account, name, mergeMetadata('container', known?.metadata ?? {}, headers), nowMs())
      return empty(c, known ? 202 : 201, {})
    }
    if (!['GET', 'HEAD', 'POST', 'DELETE'].includes(method)) {
      throw new SwiftFault(405, undefined, { Allow: 'DELETE, GET, HEAD, OPTIONS, POST, PUT' })
    }
    if (!known) throw new SwiftFault(404)
    if (method === 'HEAD') return empty(c, 204, headersOf(known))
    if (method === 'POST') {
      repository.saveContainer(account, name, mergeMetadata('container', known.metadata, headers), nowMs())
      return empty(c, 204, {})
    }
    if (method === 'DELETE') {
      if (known.objects > 0) throw new SwiftFault(409)
      repository.deleteContainer(account, name)
      return empty(c, 204, {})
    }
    return list(c, account, known)
  }

  function list(c: SwiftContext, account: string, container: ContainerRecord): Promise<Response> {
    const query = readListingQuery(targetOf(c), swiftLimits.container_listing_limit)
    return listing(c, pages(account, container.name, query), headersOf(container))
  }

  async function* pages(account: string, name: string, query: ListingQuery): AsyncGenerator<ListingEntry[], void> {
    for await (const page of listPage(query, (bounds) => repository.scanObjects(account, name, bounds))) {
      yield page.map((entry) => ('subdir' in entry ? { subdir: entry.subdir } : objectEntry(entry.row)))
    }
  }
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
