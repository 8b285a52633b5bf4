import type { ResponseHeaders } from '../transport/response-headers.js'
import { fromHeaderText } from './header-text.js'
import { readMetadata } from './metadata.js'
import { etagOf, type ObjectInfo } from './storage-object.js'

/** What the headers of HEAD and GET say about an object. */
export function objectInfo(container: string, name: string, headers: ResponseHeaders): ObjectInfo {
  const contentType = headers.get('content-type')
  return {
    name,
    container,
    bytes: Number(headers.get('content-length') ?? 0),
    etag: etagOf(headers),
    contentType: contentType === null ? undefined : fromHeaderText(contentType),
    lastModified: dateOf(headers.get('last-modified')),
    metadata: readMetadata('object', headers),
  }
}

export function dateOf(text: string | null): Date | undefined {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date
}
