import type { ResponseHeaders } from '../transport/response-headers.js'
import { fromHeaderText } from './header-text.js'
import { largeKind } from './large/large-kind.js'
import { readMetadata } from './metadata.js'
import type { ObjectAddress } from './object-path.js'
import { etagOf } from './etag.js'
import type { ObjectInfo } from './storage-object.js'

/** What the headers of HEAD and GET say about an object. */
export function objectInfo({ container, name }: ObjectAddress, headers: ResponseHeaders): ObjectInfo {
  const contentType = headers.get('content-type')
  return {
    name,
    container,
    bytes: Number(headers.get('content-length') ?? 0),
    etag: etagOf(headers),
    contentType: contentType === null ? undefined : fromHeaderText(contentType),
    lastModified: dateOf(headers.get('last-modified')),
    metadata: readMetadata('object', headers),
    large: largeKind(headers),
  }
}

export function dateOf(text: string | null): Date | undefined {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date
}
