import type { BlobStore } from '../../blobs/blob-store.js'
import type { Caller } from '../../context.js'
import { authorize } from '../access.js'
import { checkName, type ObjectAddress, quotePath } from '../http/target.js'
import { SwiftFault } from '../errors.js'
import { empty, isTrue, type SwiftContext } from '../http/response.js'
import { begun, type Contents } from '../large/large-contents.js'
import { rawManifest } from '../large/manifest.js'
import type { StoreManifest } from '../large/large-object-service.js'
import { metadataHeaders, objectMetadata, swiftLimits } from '../metadata.js'
import type { Publish } from './object-service.js'
import { readRange } from '../http/conditions.js'
import type { ObjectRecord, ObjectStoreRepository } from './object-repository.js'
import { lastModified } from '../timestamps.js'

/**
 * COPY, and PUT with X-Copy-From: what a GET of one object gives is PUT as another
 * (swift/common/middleware/copy.py `handle_PUT`). So a large object becomes a plain one, `multipart-manifest=get` makes
 * another manifest of the same segments, and a range copies a part.
 */
export function copies(parts: {
  readonly repository: ObjectStoreRepository
  readonly blobs: BlobStore
  readonly contents: Contents
  readonly publish: Publish
  readonly storeManifest: StoreManifest
}) {
  const { repository, blobs, contents, publish, storeManifest } = parts
  return async (c: SwiftContext, caller: Caller, from: ObjectAddress, to: ObjectAddress): Promise<Response> => {
    const { headers, method } = c.req.raw
    if (method === 'PUT' && Number(headers.get('content-length') ?? 0) > 0) {
      throw new SwiftFault(400, 'Copy requests require a zero byte body')
    }
    authorize(caller, 'GET', from.account)
    const source = repository.object(from.account, from.container, from.object)
    if (!source) throw new SwiftFault(404)
    authorize(caller, 'PUT', to.account)
    checkName(to)
    const isManifest = c.req.query('multipart-manifest') === 'get'
    const { 'x-object-manifest': manifest, ...kept } = source.metadata
    const metadata = {
      ...(isTrue(headers.get('x-fresh-metadata')) ? {} : kept),
      ...(isManifest && manifest ? { 'x-object-manifest': manifest } : {}),
      ...objectMetadata(headers),
    }
    const contentType = headers.get('content-type') || source.contentType
    const copied = {
      'X-Copied-From': quotePath(`${from.container}/${from.object}`),
      'X-Copied-From-Account': quotePath(from.account),
      'X-Copied-From-Last-Modified': lastModified(source.modifiedMs),
      ...metadataHeaders(metadata),
    }
    if (isManifest && source.large) {
      const body = Buffer.from(rawManifest(await contents.manifestOf(source)))
      return storeManifest(c, to, body, { contentType, metadata, headers: copied })
    }
    if (!repository.container(to.account, to.container)) throw new SwiftFault(404)
    const bytes = await read(from.account, source, isManifest, c.req.header('range'))
    const pending = await blobs.write(bytes).catch(async (error: unknown) => {
      await bytes[Symbol.asyncIterator]().return?.()
      throw error
    })
    const record = await publish(to, pending, { contentType, metadata })
    return empty(c, 201, { Etag: record.etag, 'Last-Modified': lastModified(record.modifiedMs), ...copied })
  }

  async function read(account: string, source: ObjectRecord, isManifest: boolean, asked: string | undefined) {
    if (isManifest) return blobs.read(source.blob)
    const content = await contents.contentOf(account, source)
    if (content.size > swiftLimits.max_file_size) throw new SwiftFault(413, 'Your request is too large.')
    const { start, end } = readRange(asked, content.size) ?? { start: 0, end: content.size - 1 }
    return begun(content.read(start, end))
  }
}
