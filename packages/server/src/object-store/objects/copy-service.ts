import type { BlobStore } from '../../blobs/blob-store.js'
import type { Access } from '../access/access.js'
import { checkName, type ObjectAddress } from '../address.js'
import { requireSpan, type WantedRange } from '../byte-range.js'
import { swiftLimits } from '../limits.js'
import { checkMetadata, type Metadata } from '../metadata.js'
import { begun, type ContentOf } from './content.js'
import type { ObjectRecord } from './object-record.js'
import { type ObjectService, tooLarge } from './object-service.js'
import type { RequireRoom } from './room.js'

export interface CopyRequest {
  readonly from: ObjectAddress
  readonly to: ObjectAddress
  /** The request's own metadata, added to the source's. */
  readonly metadata: Metadata
  /** Leave out the source's metadata. */
  readonly isFresh: boolean
  /** Undefined: the source's content type. */
  readonly contentType: string | undefined
}

/** An authorized copy: its source and target, and the target's metadata and content type. */
export interface Copy {
  readonly access: Access
  readonly from: ObjectAddress
  readonly to: ObjectAddress
  readonly source: ObjectRecord
  readonly metadata: Metadata
  readonly contentType: string
}

/**
 * Copies what a GET of one object returns to another object (swift/common/middleware/copy.py `handle_PUT`). So a large
 * object becomes a plain one, and with a range only that range is copied.
 */
export interface CopyService {
  /**
   * @param what with `manifest`, the copy keeps the header that makes a dynamic large object
   * @throws Refusal forbidden or unauthenticated; not-found; invalid
   */
  open(access: Access, request: CopyRequest, what: 'content' | 'manifest'): Copy
  /**
   * @throws Refusal not-found without the container; over-limit; conflict when a segment is missing; UnsatisfiableRange
   */
  copyContent(copy: Copy, range: WantedRange | undefined): Promise<ObjectRecord>
  /** Writes these bytes instead of the source's. @throws Refusal not-found without the container */
  write(copy: Copy, bytes: AsyncIterable<Uint8Array>): Promise<ObjectRecord>
}

interface CopyServiceParts {
  readonly objects: ObjectService
  readonly contentOf: ContentOf
  readonly blobs: BlobStore
  readonly requireRoom: RequireRoom
}

export function createCopyService({ objects, contentOf, blobs, requireRoom }: CopyServiceParts): CopyService {
  const write: CopyService['write'] = async ({ to, contentType, metadata }, bytes) => {
    const pending = await blobs.write(bytes).catch(async (error: unknown) => {
      await bytes[Symbol.asyncIterator]().return?.()
      throw error
    })
    return objects.publish(to, pending, { contentType, metadata })
  }

  return {
    open(access, { from, to, metadata: own, isFresh, contentType }, what) {
      access.require('read', from)
      const source = objects.get(from)
      access.require('write', to)
      checkName(to)
      checkMetadata('object', own)
      const { 'x-object-manifest': manifest, ...kept } = source.metadata
      const metadata = {
        ...(isFresh ? {} : kept),
        ...(what === 'manifest' && manifest ? { 'x-object-manifest': manifest } : {}),
        ...own,
      }
      return { access, from, to, source, metadata, contentType: contentType ?? source.contentType }
    },
    async copyContent(copy, range) {
      objects.requireContainer(copy.to)
      const content = await contentOf(copy.from.account, copy.source, copy.access)
      if (content.size > swiftLimits.max_file_size) throw tooLarge()
      const { start, end } = range ? requireSpan(range, content.size) : { start: 0, end: content.size - 1 }
      requireRoom(copy.to, end - start + 1, copy.access)
      return write(copy, await begun(content.read(start, end)))
    },
    write,
  }
}
