import { isForbidden, isNotFound } from '../../errors/guards.js'
import { listObjects } from '../listing.js'
import type { ObjectContext } from '../context.js'
import { keyOf, type ObjectAddress, objectPath } from '../address.js'
import { fromHeaderText } from '../headers.js'
import { getManifest, largeKind } from './manifest.js'
import { isOwnDynamicPrefix, isOwnSegment } from './segment-plan.js'
import { inParallel } from './in-parallel.js'

/**
 * The segments of the current object that lie in its own folders: they are no longer used when the object is replaced.
 * Empty for a plain object, when there is none, and when it may not be read.
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

const atOnce = 4
/** A cleanup must not delay the result of a call for longer than this. */
export const cleanupLimitMs = 60_000

/** Deletes segments; missing ones are not an error. Returns those that could not be deleted, and why. */
export async function removeSegments(
  { client }: ObjectContext,
  segments: readonly ObjectAddress[],
  signal?: AbortSignal,
): Promise<readonly { readonly segment: ObjectAddress; readonly cause: unknown }[]> {
  const left: { segment: ObjectAddress; cause: unknown }[] = []
  await inParallel(segments, atOnce, async (segment) => {
    try {
      const response = await client.request({ method: 'DELETE', path: objectPath(segment), accept: [404], signal })
      await response.discard()
    } catch (cause) {
      left.push({ segment, cause })
    }
  })
  return left
}

/**
 * Deletes the segments of the previous object, after it was replaced. Another process may have stored the object again
 * since, of the same segments: those stay. A failed deletion does not fail the call: the segments are returned, as
 * `container/name`.
 */
export async function removeReplaced(
  context: ObjectContext,
  at: ObjectAddress,
  segments: readonly ObjectAddress[],
): Promise<readonly string[]> {
  if (segments.length === 0) return []
  const signal = AbortSignal.timeout(cleanupLimitMs)
  try {
    const inUse = new Set((await ownSegments(context, at, signal)).map(keyOf))
    const unused = segments.filter((segment) => !inUse.has(keyOf(segment)))
    const left = await removeSegments(context, unused, signal)
    return left.map(({ segment }) => keyOf(segment))
  } catch {
    return segments.map(keyOf)
  }
}
