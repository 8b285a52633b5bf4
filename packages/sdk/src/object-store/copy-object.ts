import type { ObjectContext } from './context.js'
import { inParallel } from './large/in-parallel.js'
import { abortUnlessSent } from './large/send-segment.js'
import {
  getManifest,
  largeEtag,
  largeKind,
  type ManifestEntry,
  type ObjectSegment,
  putManifest,
} from './large/manifest.js'
import { ownSegments, removeReplaced } from './large/replaced-segments.js'
import { defaultSegmentContainer } from './large/segment-plan.js'
import { openUpload, type SegmentUpload } from './large/upload-segments.js'
import { keyOf, type ObjectAddress, objectPath } from './address.js'
import { etagOf, ownHeaders } from './headers.js'
import { throwIfAborted } from '../transport/aborting.js'
import { meterProgress } from '../transfer/progress.js'

const atOnce = 4
/** Swift responds when all of it is copied. */
const headersTimeoutMs = 10 * 60_000

/**
 * A copy made on the server, independent of its original: a static large object is copied segment by segment, since a
 * copy of the manifest alone would share them, and lose them with the original. Anything else becomes one object with
 * its own bytes, which Swift does up to its size limit for such objects. Returns the segments of the replaced object
 * that could not be deleted, as `container/name`.
 */
export async function copyObject(
  context: ObjectContext,
  from: ObjectAddress,
  to: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const head = await context.client.request({ method: 'HEAD', path: objectPath(from), signal })
  await head.discard()
  const segments = largeKind(head.headers) === 'static' ? await getManifest(context, from, head.headers, signal) : []
  const isSame = keyOf(from) === keyOf(to)
  if (segments.length > 0 && !isSame && segments.every(({ container }) => container !== undefined)) {
    const contentType = head.headers.get('content-type') ?? 'application/octet-stream'
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
    return copyLarge(context, { to, segments, bytes, contentType, headers: ownHeaders(head.headers), signal })
  }
  const replaced = isSame ? [] : await ownSegments(context, to, signal)
  await copyBytes(context, from, to, signal)
  return removeReplaced(context, to, replaced)
}

interface LargeCopy {
  readonly to: ObjectAddress
  readonly segments: readonly ObjectSegment[]
  readonly bytes: number
  readonly contentType: string
  /** As they go over the wire. */
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal | undefined
}

async function copyLarge(context: ObjectContext, copy: LargeCopy): Promise<readonly string[]> {
  const { to, segments, bytes, contentType, headers, signal } = copy
  const upload = await openUpload(
    context,
    {
      at: to,
      limits: await context.limits(signal),
      segmentContainer: defaultSegmentContainer(to.container),
      segmentSizeBytes: Math.max(...segments.map((segment) => segment.bytes)),
      keepOnFailure: false,
      meter: meterProgress(undefined, 'upload'),
      signal,
    },
    bytes,
    signal,
  )
  try {
    const entries = await copySegments(context, segments, upload, signal)
    const etag = await largeEtag(context, entries)
    const replaced = await ownSegments(context, to, signal)
    throwIfAborted(signal)
    await putManifest(context, to, entries, {
      etag,
      contentType,
      headers,
    })
    return await removeReplaced(context, to, replaced)
  } catch (error) {
    await upload.undo(error)
    throw error
  }
}

/** Copies each object that holds segments once, however often the manifest names it. */
async function copySegments(
  context: ObjectContext,
  segments: readonly ObjectSegment[],
  upload: SegmentUpload,
  signal: AbortSignal | undefined,
): Promise<readonly (ManifestEntry & { readonly etag: string })[]> {
  const sources = [...new Map(segments.map((segment) => [sourceOf(segment), segment])).keys()]
  const copies = new Map<string, { path: string; etag: string }>()
  const patient = abortUnlessSent(signal, () => true)
  await inParallel(sources, atOnce, async (key, index) => {
    throwIfAborted(signal)
    const target = upload.claim(index)
    const slash = key.indexOf('/')
    const from = { container: key.slice(0, slash), name: key.slice(slash + 1) }
    copies.set(key, { path: `/${keyOf(target)}`, etag: await copyBytes(context, from, target, patient.signal) })
  }).finally(() => patient.release())
  return segments.map((segment) => {
    const { path, etag } = copies.get(sourceOf(segment)) as { path: string; etag: string }
    const { range } = segment
    return range === undefined
      ? { path, etag, size_bytes: segment.bytes }
      : { path, etag, range: `${range.start}-${range.end}` }
  })
}

function sourceOf({ container = '', name = '' }: ObjectSegment): string {
  return `${container}/${name}`
}

/** Content, type and metadata. Returns the ETag of the copy. */
async function copyBytes(
  { client }: ObjectContext,
  from: ObjectAddress,
  to: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<string> {
  const response = await client.request({
    method: 'PUT',
    path: objectPath(to),
    headers: { 'x-copy-from': objectPath(from), 'content-length': '0' },
    retry: { methods: ['PUT'] },
    timeouts: { headersTimeoutMs },
    signal,
  })
  await response.discard()
  return etagOf(response.headers)
}
