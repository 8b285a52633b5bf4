import { MalformedResponseError } from '../errors/connection-errors.js'
import type { ServiceResponse } from '../http/service-response.js'
import type { ObjectContext } from './context.js'
import { etagOf, fromHeaderText, readMetadata } from './headers.js'
import { getManifest, largeKind, type ObjectSegment } from './large/manifest.js'
import { listDynamic, parseDynamicManifest } from './large/replaced-segments.js'
import { type ObjectAddress, objectPath } from './address.js'
import type { ObjectInfo } from './storage-object.js'

/**
 * What the headers of a HEAD response report about an object.
 * @throws NotFoundError; MalformedResponseError when it has no size
 */
export async function statObject(
  context: ObjectContext,
  at: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  const response = await context.client.request({ method: 'HEAD', path: objectPath(at), signal })
  await response.discard()
  const { headers } = response
  const contentType = headers.get('content-type')
  return {
    ...at,
    bytes: declaredSize(response) ?? (await unknownSize(context, response, signal)),
    etag: etagOf(headers),
    contentType: contentType === null ? undefined : fromHeaderText(contentType),
    contentEncoding: headers.get('content-encoding') || undefined,
    lastModified: dateOf(headers.get('last-modified')),
    metadata: readMetadata('object', headers),
    large: largeKind(headers),
  }
}

/** MD5 of no bytes. */
const emptyEtag = 'd41d8cd98f00b204e9800998ecf8427e'

function declaredSize({ headers }: ServiceResponse): number | undefined {
  const length = headers.get('content-length')
  if (length !== null && /^\d+$/.test(length)) return Number(length)
  // Apache omits a length of 0 from responses without a body.
  return etagOf(headers) === emptyEtag ? 0 : undefined
}

/**
 * Swift does not report the length of a dynamic large object of more segments than one list holds
 * (swift/common/middleware/dlo.py).
 */
async function unknownSize(
  context: ObjectContext,
  { status, requestId, method, url, headers }: ServiceResponse,
  signal: AbortSignal | undefined,
): Promise<number> {
  if (largeKind(headers) !== 'dynamic') {
    throw new MalformedResponseError(
      `${method} ${url} does not report the size of the object: it has no Content-Length`,
      {
        status,
        requestId,
        method,
        url,
      },
    )
  }
  const manifest = parseDynamicManifest(headers.get('x-object-manifest') ?? '')
  const segments = await listDynamic(context, manifest, signal)
  return segments.reduce((sum, { bytes }) => sum + bytes, 0)
}

export function dateOf(text: string | null): Date | undefined {
  const date = new Date(text ?? '')
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** The segments of an object; empty for one that has its own bytes. @throws NotFoundError */
export async function listSegments(
  context: ObjectContext,
  at: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<readonly ObjectSegment[]> {
  const response = await context.client.request({ method: 'HEAD', path: objectPath(at), signal })
  await response.discard()
  const kind = largeKind(response.headers)
  if (kind === undefined) return []
  if (kind === 'static') return getManifest(context, at, response.headers, signal)
  const manifest = parseDynamicManifest(response.headers.get('x-object-manifest') ?? '')
  const found = await listDynamic(context, manifest, signal)
  return found.map((segment) => ({ ...segment, range: undefined, isLarge: false }))
}
