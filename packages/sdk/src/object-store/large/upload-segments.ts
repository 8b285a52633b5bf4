import { sayWhatIsLeft, wasCutShort } from '../../errors/cut-short.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { isUnreachable } from '../../retry/failures.js'
import { sendable } from '../../sources/sendable.js'
import type { Source } from '../../sources/source.js'
import { containerPath, keyOf, type ObjectAddress, objectPath } from '../address.js'
import type { ObjectContext } from '../context.js'
import type { SegmentedRequest } from './put-request.js'
import { cleanupLimitMs, listDynamic, ownSegments, removeSegments } from './replaced-segments.js'
import { newStamp, segmentFolder, segmentName, type SegmentFolder, seriesPrefix } from './segment-plan.js'
import { sendSegment, type StoredSegment } from './send-segment.js'

/** The segments of one put: they are in their own folder, and are removed when it fails. */
export interface SegmentUpload {
  readonly folder: SegmentFolder
  send(index: number, body: Source): Promise<StoredSegment>
  /** Reserves the address of a segment that the caller creates in another way. It is removed with the others. */
  claim(index: number): ObjectAddress
  /** Removes what was sent, or notes on the error where it is. */
  undo(error: unknown): Promise<void>
}

/**
 * Creates the container for segments if it is missing, with the object's own storage policy.
 * @throws NotFoundError when the object's own container is missing; UsageError for a name that leaves no room for a
 * segment's name
 */
export async function openUpload(
  context: ObjectContext,
  request: Pick<
    SegmentedRequest,
    'at' | 'limits' | 'segmentContainer' | 'segmentSizeBytes' | 'keepOnFailure' | 'meter' | 'signal'
  >,
  sizeBytes: number | undefined,
  signal: AbortSignal | undefined,
): Promise<SegmentUpload> {
  const { at, limits, segmentContainer, segmentSizeBytes, keepOnFailure, meter } = request
  const folder = segmentFolder(at.container, at.name, segmentContainer)
  const series = { stamp: newStamp(), sizeBytes, segmentSizeBytes }
  const longest = new TextEncoder().encode(segmentName(folder, series, limits.maxSegments)).byteLength
  if (longest > limits.maxNameBytes) {
    throw new UsageError(`the name ${at.name} is too long for segments, which have longer names`, {
      hint: `shorten it by ${longest - limits.maxNameBytes} bytes`,
    })
  }
  await makeContainer(context, at.container, segmentContainer, signal)
  const claimed: ObjectAddress[] = []
  const claim = (index: number) => {
    const segment = { container: segmentContainer, name: segmentName(folder, series, index) }
    claimed.push(segment)
    return segment
  }
  return {
    folder,
    claim,
    async send(index, body) {
      const ready = await sendable(body, context.client.wholeBodies, signal)
      return sendSegment(context, claim(index), ready, { signal, onBytes: (bytes) => meter.add(bytes) })
    },
    async undo(error) {
      if (claimed.length === 0) return
      const where = `${segmentContainer}/${seriesPrefix(folder, series)}`
      if (keepOnFailure) {
        sayWhatIsLeft(error, `what was sent is kept in ${where}: put the same data again to resume`)
        return
      }
      const problem = await removeAll(context, at, { claimed, prefix: seriesPrefix(folder, series), error })
      if (problem)
        sayWhatIsLeft(error, `segments are left in ${where}: delete them, or put the same data again to resume`)
      else if (wasCutShort(error)) {
        sayWhatIsLeft(error, `the segments that were sent are removed, and ${keyOf(at)} is what it was: put it again`)
      }
    },
  }
}

/** Returns the error that kept it from removing all of them. */
async function removeAll(
  context: ObjectContext,
  at: ObjectAddress,
  { claimed, prefix, error }: { claimed: readonly ObjectAddress[]; prefix: string; error: unknown },
): Promise<unknown> {
  if (isUnreachable(error)) return error
  const signal = AbortSignal.timeout(cleanupLimitMs)
  const container = claimed[0]?.container ?? ''
  try {
    // The manifest may have been stored although no response confirmed it.
    const inUse = new Set((await ownSegments(context, at, signal)).map(keyOf))
    const unused = (segments: readonly ObjectAddress[]) => segments.filter((each) => !inUse.has(keyOf(each)))
    const left = await removeSegments(context, unused(claimed), signal)
    // A request that was given up may have been carried out since.
    const late = await removeSegments(
      context,
      unused(await listDynamic(context, { container, prefix }, signal)),
      signal,
    )
    await removeBroken(context, at, unused(claimed), signal)
    return [...left, ...late][0]?.cause
  } catch (cause) {
    return cause
  }
}

/**
 * A manifest whose response was lost may be stored after all. Without its segments the object is unreadable, so it is
 * removed.
 */
async function removeBroken(
  context: ObjectContext,
  at: ObjectAddress,
  removed: readonly ObjectAddress[],
  signal: AbortSignal,
): Promise<void> {
  const gone = new Set(removed.map(keyOf))
  const now = await ownSegments(context, at, signal)
  if (!now.some((each) => gone.has(keyOf(each)))) return
  const response = await context.client.request({ method: 'DELETE', path: objectPath(at), accept: [404], signal })
  await response.discard()
}

async function makeContainer(
  { client }: ObjectContext,
  container: string,
  segmentContainer: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const own = await client.request({ method: 'HEAD', path: containerPath(container), accept: [403], signal })
  await own.discard()
  const policy = own.headers.get('x-storage-policy')
  const path = containerPath(segmentContainer)
  const there = await client.request({ method: 'HEAD', path, accept: [403, 404], signal })
  await there.discard()
  if (there.status !== 404) return
  const made = await client.request({
    method: 'PUT',
    path,
    headers: policy === null ? {} : { 'x-storage-policy': policy },
    retry: { methods: ['PUT'] },
    signal,
  })
  await made.discard()
}
