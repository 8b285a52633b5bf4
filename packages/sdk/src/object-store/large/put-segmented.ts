import type { ResponseHeaders } from '../../errors/http-error.js'
import { SourceError } from '../../errors/transfer-errors.js'
import { linkedController, throwIfAborted } from '../../transport/aborting.js'
import type { ObjectContext } from '../context.js'
import { etagOf, toHeaderText } from '../headers.js'
import { dateOf } from '../object-info.js'
import { keyOf, type ObjectAddress, objectPath } from '../address.js'
import { findSegments, matchingSegment } from './find-segments.js'
import { inParallel } from './in-parallel.js'
import { largeEtag, putManifest } from './manifest.js'
import type { PutOutcome, SegmentedRequest } from './put-request.js'
import { ownSegments, removeReplaced } from './replaced-segments.js'
import { planSegments, spanOfSegment, streamSegmentSize } from './segment-plan.js'
import { cutStream, partOf } from './segment-source.js'
import type { StoredSegment } from './send-segment.js'
import { openUpload, type SegmentUpload } from './upload-segments.js'

/** Swift responds when the whole copy is made. */
const headersTimeoutMs = 10 * 60_000

/** What has been stored for an object, in order. */
interface Stored {
  readonly segments: readonly StoredSegment[]
  readonly resumed: readonly StoredSegment[]
}

/**
 * Stores a source of known size, which can be opened at any offset, as a static large object: its segments in parallel,
 * except those that an earlier put left, and the manifest last. Until then the object stays unchanged.
 */
export async function putInSegments(context: ObjectContext, request: SegmentedRequest): Promise<PutOutcome> {
  const { source, limits, meter, concurrency, resume } = request
  const sizeBytes = source.size ?? 0
  const plan = planSegments(sizeBytes, request.segmentSizeBytes, limits)
  const cut = { ...request, segmentSizeBytes: plan.segmentSizeBytes }
  const { control, unlink } = linkedController(request.signal)
  const { signal } = control
  try {
    const upload = await openUpload(context, cut, sizeBytes, signal)
    return await finished(context, request, upload, async () => {
      const candidates = resume ? await findSegments(context, upload.folder, plan, sizeBytes, signal) : new Map()
      const segments: StoredSegment[] = []
      const resumed: StoredSegment[] = []
      await inParallel(Array.from({ length: plan.count }), concurrency, async (_, index) => {
        try {
          const span = spanOfSegment(index, plan, sizeBytes)
          const body = partOf(source, { ...span, isLast: index === plan.count - 1 })
          const there = await matchingSegment(context, body, candidates.get(index) ?? [], signal)
          if (there) {
            resumed.push(there)
            meter.add(there.bytes)
          }
          segments[index] = there ?? (await upload.send(index, body))
        } catch (error) {
          // The others should not continue in vain.
          control.abort(error)
          throw error
        }
      })
      return { segments, resumed }
    })
  } finally {
    unlink()
  }
}

/**
 * Stores a stream, segment after segment. When it ends within the first one, that becomes a plain object, by a copy on
 * the server, unless the caller asked for segments.
 */
export async function putStreamInSegments(context: ObjectContext, request: SegmentedRequest): Promise<PutOutcome> {
  const { source, limits, segmentSizeBytes, signal } = request
  const { size } = source
  const wanted = size === undefined ? segmentSizeBytes : planSegments(size, segmentSizeBytes, limits).segmentSizeBytes
  const upload = await openUpload(context, { ...request, segmentSizeBytes: wanted }, size, signal)
  const cutter = cutStream(source, signal)
  try {
    return await finished(context, request, upload, async () => {
      const segments: StoredSegment[] = []
      for (;;) {
        const index = segments.length
        const part = await cutter.next(size === undefined ? streamSegmentSize(index, wanted, limits) : wanted)
        if (!part) return { segments, resumed: [] }
        if (index === limits.maxSegments) {
          throw new SourceError(`${source.label} is larger than ${index} segments, the most that the server takes`, {
            hint: 'use a larger segmentSizeBytes (--segment-size)',
          })
        }
        segments.push(await upload.send(index, part))
      }
    })
  } finally {
    await cutter.close()
  }
}

/**
 * Creates the object from what `store` stores, and then removes what is no longer used; or removes all of it when
 * something fails.
 */
async function finished(
  context: ObjectContext,
  request: SegmentedRequest,
  upload: SegmentUpload,
  store: () => Promise<Stored>,
): Promise<PutOutcome> {
  const { at, source, signal, meter } = request
  try {
    const { segments, resumed } = await store()
    const [only] = segments
    const isPlain = only !== undefined && segments.length === 1 && source.size === undefined && !request.forced
    const replaced = await ownSegments(context, at, signal)
    // From here on, an interrupted call could not know how far the server got, so it is not interrupted.
    throwIfAborted(signal)
    const headers = isPlain ? await copySegment(context, request, only) : await makeLarge(context, request, segments)
    const bytes = sum(segments)
    const used = new Set(isPlain ? [] : segments.map(keyOf))
    const unused = [...replaced, ...(isPlain ? [only] : [])].filter((each) => !used.has(keyOf(each)))
    const leftSegments = await removeReplaced(context, at, unused)
    meter.end()
    return {
      etag: etagOf(headers),
      bytes,
      lastModified: dateOf(headers.get('last-modified')),
      segmentCount: isPlain ? 0 : segments.length,
      resumedSegments: resumed.length,
      resumedBytes: sum(resumed),
      leftSegments,
    }
  } catch (error) {
    await upload.undo(error)
    throw error
  }
}

async function makeLarge(
  context: ObjectContext,
  { at, contentType, headers }: SegmentedRequest,
  segments: readonly StoredSegment[],
): Promise<ResponseHeaders> {
  const entries = segments.map((segment) => ({
    path: `/${keyOf(segment)}`,
    etag: segment.etag,
    size_bytes: segment.bytes,
  }))
  const etag = await largeEtag(context, segments)
  return putManifest(context, at, entries, {
    etag,
    contentType: toHeaderText('contentType', contentType),
    headers,
  })
}

/** Turns a segment into the object, by a copy on the server (swift/common/middleware/copy.py). */
async function copySegment(
  { client }: ObjectContext,
  { at, contentType, headers }: SegmentedRequest,
  segment: ObjectAddress,
): Promise<ResponseHeaders> {
  const response = await client.request({
    method: 'PUT',
    path: objectPath(at),
    headers: {
      ...headers,
      'x-copy-from': objectPath(segment),
      'x-fresh-metadata': 'true',
      'content-length': '0',
    },
    contentType: toHeaderText('contentType', contentType),
    retry: { methods: ['PUT'] },
    timeouts: { headersTimeoutMs },
  })
  await response.discard()
  return response.headers
}

function sum(segments: readonly { readonly bytes: number }[]): number {
  return segments.reduce((total, { bytes }) => total + bytes, 0)
}
