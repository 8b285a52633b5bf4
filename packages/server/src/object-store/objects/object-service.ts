import type { BlobStore, PendingBlob } from '../../blobs/blob-store.js'
import { SwiftFault } from '../errors.js'
import type { ObjectAddress } from '../http/target.js'
import type { ObjectRecord, ObjectStoreRepository } from './object-repository.js'

/** Makes written bytes the object of that name. @throws SwiftFault 404 without its container; the bytes are gone then */
export type Publish = (
  at: ObjectAddress,
  pending: PendingBlob,
  about: Pick<ObjectRecord, 'contentType' | 'metadata' | 'large'>,
) => Promise<ObjectRecord>

export function publisher(repository: ObjectStoreRepository, blobs: BlobStore, nowMs: () => number): Publish {
  return async (at, pending, { contentType, metadata, large }) => {
    const record: ObjectRecord = {
      name: at.object,
      blob: pending.key,
      size: pending.sizeBytes,
      etag: pending.md5,
      contentType,
      modifiedMs: nowMs(),
      metadata,
      large,
    }
    let unused: string | undefined
    await pending.publish(() => {
      if (!repository.container(at.account, at.container)) throw new SwiftFault(404)
      unused = repository.saveObject(at.account, at.container, record)
    })
    if (unused !== undefined) await blobs.delete(unused)
    return record
  }
}
