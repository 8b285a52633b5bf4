import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import type { BlobStore } from '../../blobs/blob-store.js'
import type { ImageConfig } from '../../config/cloud-config.js'
import type { ImageLocation } from '../images/image-record.js'

/** A location as Glance shows it. */
export interface WireLocation {
  readonly url: string
  readonly metadata: Readonly<Record<string, unknown>>
}

/** What a caller declares about the bytes at a new location. */
export type ValidationData = Readonly<Partial<Record<'checksum' | 'os_hash_algo' | 'os_hash_value', string>>>

/** A location as a caller writes it. */
export interface NewLocation extends WireLocation {
  readonly validation_data?: ValidationData
}

/** Where locations are, as URLs. */
export interface LocationUrls {
  readonly urlOf: (location: ImageLocation) => string
  readonly show: (location: ImageLocation) => WireLocation
}

export function createLocationUrls(blobs: Pick<BlobStore, 'fileOf'>): LocationUrls {
  const urlOf = (location: ImageLocation) => location.url ?? pathToFileURL(blobs.fileOf(location.blobKey)).href
  return {
    urlOf,
    show: (location) => ({
      url: urlOf(location),
      metadata: { ...location.metadata, ...(location.store !== null && { store: location.store }) },
    }),
  }
}

/** A location whose bytes stay at a URL. It has a key too, by which it is removed, but no file. */
export function remoteLocation(
  url: string,
  store: string | null,
  { store: _named, ...metadata }: WireLocation['metadata'] = {},
): ImageLocation {
  return { store, blobKey: `remote-${randomUUID()}`, url, metadata }
}

/**
 * The store that takes a URL (glance/common/store_utils.py `_get_store_id_from_uri`): a store of type http, and in a cloud
 * without named stores the unnamed one. Undefined: no store does.
 */
export function storeOfUrl(url: string, { stores }: Pick<ImageConfig, 'stores'>): string | null | undefined {
  if (!/^https?:\/\//i.test(url)) return undefined
  if (stores.length === 0) return null
  return stores.find(({ type }) => type === 'http')?.id
}
