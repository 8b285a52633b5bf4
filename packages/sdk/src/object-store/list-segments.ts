import type { ObjectContext } from './context.js'
import { largeKind } from './large/large-kind.js'
import { getManifest } from './large/manifest.js'
import { listDynamic, parseDynamicManifest } from './large/replaced-segments.js'
import type { ObjectSegment } from './large/segment.js'
import { type ObjectAddress, objectPath } from './object-path.js'

/** What an object is made of; empty for one that has its own bytes. @throws NotFoundError */
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
