import type { ObjectContext } from '../context.js'
import { type ObjectAddress, objectPath } from '../object-path.js'
import { inParallel } from './in-parallel.js'

const atOnce = 4
/** A cleanup is not to hold up the news of what became of a call for longer than this. */
export const cleanupLimitMs = 60_000

/** Deletes segments; one that is gone already is fine. Gives those that could not be deleted, and why. */
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
