import { type BlobStore, BlobTooLarge, type PendingBlob } from '../../blobs/blob-store.js'
import { Refusal } from '../../refusal.js'
import type { ObjectAddress } from '../address.js'
import { deleteAtOf } from '../expiry/delete-at.js'
import { swiftLimits } from '../limits.js'
import { checkMetadata, type Metadata } from '../metadata.js'
import type { ObjectRecord } from './object-record.js'
import type { ObjectRepository } from './object-repository.js'

/** The declared properties of an object that is to be written. */
export interface ObjectInput {
  readonly contentType: string
  readonly metadata: Metadata
  /** The expected MD5 of the bytes, or the expected ETag of a large object. */
  readonly etag: string | undefined
  /** Refuse to replace an existing object. */
  readonly onlyNew: boolean
}

/** The objects and their rules, for plain objects and manifests alike. */
export interface ObjectService {
  find(at: ObjectAddress): ObjectRecord | undefined
  /** @throws Refusal not-found */
  get(at: ObjectAddress): ObjectRecord
  /** @throws Refusal not-found */
  requireContainer(at: ObjectAddress): void
  /**
   * Checks what can be checked before any byte is read.
   * @throws Refusal not-found without the container; failed-condition; invalid metadata
   */
  admit(at: ObjectAddress, input: Pick<ObjectInput, 'metadata' | 'onlyNew'>): void
  /** @throws Refusal over-limit; mismatch when the bytes have a different MD5; not-found */
  put(at: ObjectAddress, bytes: AsyncIterable<Uint8Array>, input: ObjectInput): Promise<ObjectRecord>
  /**
   * Stores written bytes as the object of that name.
   * @throws Refusal not-found without its container; the bytes are then discarded
   */
  publish(
    at: ObjectAddress,
    pending: PendingBlob,
    about: Pick<ObjectRecord, 'contentType' | 'metadata' | 'large'>,
  ): Promise<ObjectRecord>
  /** Replaces the metadata, and the content type if there is one. @throws Refusal not-found, invalid */
  update(at: ObjectAddress, contentType: string | undefined, metadata: Metadata): void
  /** Removes an object that has expired, too. @returns whether the object existed and had not expired */
  remove(at: ObjectAddress): Promise<boolean>
}

interface ObjectServiceParts {
  readonly objects: ObjectRepository
  readonly blobs: BlobStore
  readonly nowMs: () => number
  /** Called after an object with an expiry was stored. */
  readonly onExpiry: () => void
}

export function createObjectService({ objects, blobs, nowMs, onExpiry }: ObjectServiceParts): ObjectService {
  const find = (at: ObjectAddress) => objects.find(at)
  const get = (at: ObjectAddress): ObjectRecord => {
    const object = find(at)
    if (object === undefined) throw new Refusal('not-found')
    return object
  }

  const requireContainer = ({ account, container }: ObjectAddress): void => {
    if (!objects.hasContainer(account, container)) throw new Refusal('not-found')
  }

  const publish: ObjectService['publish'] = async (at, pending, { contentType, metadata, large }) => {
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
      requireContainer(at)
      unused = objects.save(at.account, at.container, record)
    })
    if (deleteAtOf(metadata) !== undefined) onExpiry()
    if (unused !== undefined) await blobs.delete(unused)
    return record
  }

  return {
    find,
    get,
    requireContainer,
    admit(at, { metadata, onlyNew }) {
      requireContainer(at)
      if (onlyNew && find(at) !== undefined) throw new Refusal('failed-condition')
      checkMetadata('object', metadata)
    },
    async put(at, bytes, { contentType, metadata, etag }) {
      const pending = await blobs.write(bytes, { limitBytes: swiftLimits.max_file_size }).catch((error: unknown) => {
        throw error instanceof BlobTooLarge ? tooLarge() : error
      })
      if (etag && etag.toLowerCase() !== pending.md5) {
        await pending.discard()
        throw new Refusal('mismatch')
      }
      return publish(at, pending, { contentType, metadata })
    },
    publish,
    update(at, contentType, metadata) {
      const object = get(at)
      checkMetadata('object', metadata)
      objects.save(at.account, at.container, {
        ...object,
        contentType: contentType ?? object.contentType,
        modifiedMs: nowMs(),
        metadata,
      })
      if (deleteAtOf(metadata) !== undefined) onExpiry()
    },
    async remove(at) {
      const isThere = find(at) !== undefined
      const blob = objects.remove(at)
      if (blob !== undefined) await blobs.delete(blob)
      return isThere
    },
  }
}

/** More bytes than one object may have. */
export const tooLarge = () => new Refusal('over-limit', 'Your request is too large.')
