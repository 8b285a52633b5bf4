import { isForbidden, isNotFound } from '../../errors/guards.js'
import { listObjects } from '../listing.js'
import type { ObjectContext } from '../context.js'
import { type ObjectAddress, objectPath } from '../object-path.js'
import { fromHeaderText } from '../header-text.js'
import { largeKind } from './large-kind.js'
import { getManifest } from './manifest.js'
import { isOwnDynamicPrefix, isOwnSegment } from './segment-names.js'

/**
 * What the object of this name is made of, as far as it lies in folders of that very object: nobody needs it any more
 * when the object is replaced. Empty for a plain object, and where there is none or it may not be looked at.
 */
export async function ownSegments(
  context: ObjectContext,
  at: ObjectAddress,
  signal?: AbortSignal,
): Promise<readonly ObjectAddress[]> {
  try {
    const response = await context.client.request({ method: 'HEAD', path: objectPath(at), signal })
    await response.discard()
    const large = largeKind(response.headers)
    if (large === 'static') {
      const segments = await getManifest(context, at, response.headers, signal)
      return segments.flatMap(({ container, name }) =>
        container !== undefined && name !== undefined && isOwnSegment(at, { container, name })
          ? [{ container, name }]
          : [],
      )
    }
    if (large === undefined) return []
    const segments = parseDynamicManifest(response.headers.get('x-object-manifest') ?? '')
    return isOwnDynamicPrefix(at, segments) ? await listDynamic(context, segments, signal) : []
  } catch (error) {
    if (isNotFound(error) || isForbidden(error)) return []
    throw error
  }
}

/** `container/prefix` of X-Object-Manifest, percent-encoded (swift/common/middleware/dlo.py). */
export function parseDynamicManifest(header: string): { readonly container: string; readonly prefix: string } {
  const text = decoded(fromHeaderText(header))
  const slash = text.indexOf('/')
  return { container: text.slice(0, slash), prefix: text.slice(slash + 1) }
}

/** The objects that a dynamic large object is made of, in order. */
export async function listDynamic(
  { client }: ObjectContext,
  { container, prefix }: { readonly container: string; readonly prefix: string },
  signal?: AbortSignal,
): Promise<readonly (ObjectAddress & { readonly bytes: number; readonly etag: string })[]> {
  const found: (ObjectAddress & { bytes: number; etag: string })[] = []
  for await (const entry of listObjects(client, container, { prefix, signal })) {
    if ('name' in entry) found.push({ container, name: entry.name, bytes: entry.bytes, etag: entry.etag })
  }
  return found
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
