import { isNotFound } from '../../errors/guards.js'
import { hashSource } from '../../hashing/hash-source.js'
import type { Source } from '../../sources/source.js'
import type { ObjectContext } from '../context.js'
import { type ObjectAddress, objectPath } from '../address.js'
import { etagOf } from '../headers.js'
import { listDynamic } from './replaced-segments.js'
import { parseSegmentName, type SegmentFolder, type SegmentPlan, spanOfSegment } from './segment-plan.js'
import type { StoredSegment } from './send-segment.js'

/** Segments that earlier puts of this object left, by segment number. */
export type Candidates = ReadonlyMap<number, readonly StoredSegment[]>

/**
 * Finds segments of an object of this size, cut in the same way. Compares names and sizes only: the bytes are still to
 * be compared.
 */
export async function findSegments(
  context: ObjectContext,
  folder: SegmentFolder,
  plan: SegmentPlan,
  sizeBytes: number,
  signal: AbortSignal | undefined,
): Promise<Candidates> {
  const found = new Map<number, StoredSegment[]>()
  const listed = await listDynamic(context, folder, signal).catch((error: unknown) => {
    if (isNotFound(error)) return []
    throw error
  })
  for (const segment of listed) {
    const parsed = parseSegmentName(folder, segment.name)
    if (!parsed || parsed.index >= plan.count) continue
    const { series, index } = parsed
    if (series.sizeBytes !== sizeBytes || series.segmentSizeBytes !== plan.segmentSizeBytes) continue
    const { start, end } = spanOfSegment(index, plan, sizeBytes)
    if (segment.bytes !== end - start) continue
    found.set(index, [...(found.get(index) ?? []), segment])
  }
  return found
}

/**
 * The candidate that holds exactly the source's bytes, which are read for the comparison. Listings may be out of date,
 * so that the segment itself is checked too.
 */
export async function matchingSegment(
  context: ObjectContext,
  body: Source,
  candidates: readonly StoredSegment[],
  signal: AbortSignal | undefined,
): Promise<StoredSegment | undefined> {
  if (candidates.length === 0) return undefined
  const md5 = await hashSource(context.platform, body, 'md5', { signal })
  for (const candidate of candidates) {
    if (candidate.etag === md5 && (await isStill(context, candidate, candidate, signal))) return candidate
  }
  return undefined
}

async function isStill(
  { client }: ObjectContext,
  at: ObjectAddress,
  { etag, bytes }: StoredSegment,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const response = await client.request({ method: 'HEAD', path: objectPath(at), accept: [404], signal })
  await response.discard()
  const { headers, status } = response
  return status !== 404 && etagOf(headers) === etag && Number(headers.get('content-length')) === bytes
}
