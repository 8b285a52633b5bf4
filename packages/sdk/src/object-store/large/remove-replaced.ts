import type { ObjectContext } from '../context.js'
import { keyOf, type ObjectAddress } from '../object-path.js'
import { cleanupLimitMs, removeSegments } from './remove-segments.js'
import { ownSegments } from './replaced-segments.js'

/**
 * Deletes what the object of this name was made of before, after it was replaced. Somebody else may have stored it once
 * more since, of the same segments: those stay. What cannot be deleted does not make the call a failure: it is told, as
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
