import { createHash } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { httpReasons } from '@tyrax/protocol'
import { UnstorableText } from '../../database/guarded-database.js'
import { takeTurn } from '../../http/turns.js'
import { BodyRefused, readBody } from '../../http/read-body.js'
import { SwiftFault } from '../errors.js'
import { type ObjectAddress, quotePath } from '../http/target.js'
import type { SwiftContext } from '../http/response.js'
import type { ObjectRecord, ObjectStoreRepository } from '../objects/object-repository.js'
import { listingTime } from '../timestamps.js'
import type { Content, Contents } from './large-contents.js'
import { etagPart, isInline, lengthOf, manifestLimits, type Segment, type StoredSegment } from './manifest.js'
import { readManifest, spanIn, type WantedSegment } from './manifest-input.js'

/** A manifest whose segments are all there. */
export interface CheckedManifest {
  readonly json: Buffer
  readonly etag: string
  readonly size: number
}

/** Names of segments, percent-encoded, and what is wrong with each. */
export type SegmentProblems = readonly (readonly [name: string, problem: string])[]

/** What a manifest is checked against. */
interface Segments {
  readonly repository: ObjectStoreRepository
  readonly contentOf: Contents['contentOf']
}

/**
 * Reads a manifest and looks at every segment it names (swift/common/middleware/slo.py `handle_multipart_put`).
 * @returns the problems when there are any
 * @throws SwiftFault 400 or 413 for a body that is no manifest
 */
export async function checkManifest(
  body: Buffer,
  at: ObjectAddress,
  known: Segments,
): Promise<CheckedManifest | { readonly problems: SegmentProblems }> {
  const wanted = await readManifest(body, `${at.container}/${at.object}`)
  const most = manifestLimits.max_manifest_segments
  if (wanted.filter((each) => 'path' in each).length > most) {
    throw new SwiftFault(413, `Number of object-backed segments must be <= ${most}`)
  }
  const problems: [string, string][] = []
  const segments: Segment[] = []
  const lookUp = lookUpOnce(at.account, known)
  for (const [index, each] of wanted.entries()) {
    await takeTurn()
    if (!('path' in each)) {
      segments.push(each)
      continue
    }
    const name = quotePath(each.path)
    const there = await lookUp(each)
    if (typeof there === 'number') {
      problems.push([name, statusLine(there)])
      continue
    }
    const found = checkSegment(each, there.object, there.content, index === wanted.length - 1)
    segments.push(found.segment)
    problems.push(...found.problems.map((problem) => [name, problem] as [string, string]))
  }
  if (problems.length > 0) return { problems }
  const hash = createHash('md5')
  let size = 0
  for (const segment of segments) {
    await takeTurn()
    hash.update(etagPart(segment))
    size += lengthOf(segment)
  }
  await takeTurn()
  return { json: Buffer.from(JSON.stringify(segments)), etag: hash.digest('hex'), size }
}

/** A segment's object, or the status that a HEAD of it has. Whatever is named several times is looked up once. */
function lookUpOnce(account: string, { repository, contentOf }: Segments) {
  type Facts = Pick<Content, 'size' | 'etag'>
  type Found = { readonly object: ObjectRecord; readonly content: Facts } | number
  const known = new Map<string, Found>()
  const dynamic = new Map<string, Facts>()
  const find = async (container: string, name: string): Promise<Found> => {
    try {
      const object = repository.object(account, container, name)
      if (!object) return 404
      const manifest = object.metadata['x-object-manifest']
      const { size, etag } = dynamic.get(manifest ?? '') ?? (await contentOf(account, object))
      const content = { size, etag }
      if (manifest !== undefined) dynamic.set(manifest, content)
      return { object, content }
    } catch (error) {
      if (error instanceof SwiftFault) return error.status
      if (error instanceof UnstorableText) return 412
      throw error
    }
  }
  return async ({ container, object }: WantedSegment): Promise<Found> => {
    const key = `${container}/${object}`
    const found = known.get(key) ?? (await find(container, object))
    known.set(key, found)
    return found
  }
}

function checkSegment(
  wanted: WantedSegment,
  object: ObjectRecord,
  content: { readonly size: number; readonly etag: string },
  mayBeEmpty: boolean,
): { segment: StoredSegment; problems: string[] } {
  const problems: string[] = []
  const span = wanted.range && spanIn(wanted.range, content.size)
  if (wanted.range && !span) problems.push('Unsatisfiable Range')
  if (content.size < 1 && !mayBeEmpty) problems.push('Too small; each segment must be at least 1 byte.')
  if (wanted.sizeBytes !== undefined && wanted.sizeBytes !== content.size) problems.push('Size Mismatch')
  if (wanted.etag !== undefined && wanted.etag !== content.etag) problems.push('Etag Mismatch')
  const isPart = span !== undefined && (span.start > 0 || span.end < content.size - 1)
  const segment: StoredSegment = {
    name: `/${wanted.path.replace(/^\/+/, '')}`,
    bytes: content.size,
    hash: content.etag,
    content_type: object.contentType,
    last_modified: listingTime(Math.ceil(object.modifiedMs / 1000) * 1000),
    ...(isPart ? { range: `${span.start}-${span.end}` } : {}),
    ...(object.large ? { sub_slo: true } : {}),
  }
  return { segment, problems }
}

/**
 * Deletes the segments of a manifest, those of manifests among them too, each manifest after its own segments
 * (swift/common/middleware/slo.py `get_segments_to_delete_iter`).
 * @throws SwiftFault 400 when more is to be deleted than a manifest of manifests has
 */
export async function deleteStatic(
  at: ObjectAddress,
  object: ObjectRecord | undefined,
  { manifestOf, repository }: { manifestOf: Contents['manifestOf']; repository: ObjectStoreRepository },
  remove: (at: ObjectAddress) => Promise<boolean>,
): Promise<{ readonly facts: Readonly<Record<string, string | number>>; readonly problems: SegmentProblems }> {
  let deleted = 0
  let missing = 0
  const problems: [string, string][] = []
  const queue: { readonly where: ObjectAddress; readonly isManifest: boolean }[] = []
  if (!object) missing += 1
  else if (object.large) queue.push({ where: at, isManifest: true })
  else problems.push([quotePath(`/${at.container}/${at.object}`), 'Not an SLO manifest'])
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    await takeTurn()
    const { where, isManifest } = next
    const manifest = isManifest ? repository.object(where.account, where.container, where.object) : undefined
    if (manifest?.large) {
      const segments = (await manifestOf(manifest)).flatMap((segment) => (isInline(segment) ? [] : [segment]))
      for (const segment of segments) {
        queue.push({ where: addressOf(where.account, segment), isManifest: segment.sub_slo === true })
      }
      queue.push({ where, isManifest: false })
      if (queue.length > mostBuffered) throw new SwiftFault(400, 'Too many buffered slo segments to delete.')
    } else if (await remove(where)) deleted += 1
    else missing += 1
  }
  const status = problems.length > 0 ? 400 : 200
  return {
    facts: {
      'Response Status': statusLine(status),
      'Response Body': '',
      'Number Deleted': deleted,
      'Number Not Found': missing,
    },
    problems,
  }
}

const mostBuffered = manifestLimits.max_manifest_segments * 10

/**
 * Deletes a manifest now and its segments when there is time (`async`), which here is at once. They have to lie in one
 * container (swift/common/middleware/slo.py `handle_async_delete`).
 * @throws SwiftFault 400 or 404
 */
export async function deleteStaticLater(
  at: ObjectAddress,
  object: ObjectRecord | undefined,
  manifestOf: Contents['manifestOf'],
  remove: (at: ObjectAddress) => Promise<boolean>,
): Promise<void> {
  if (!object) throw new SwiftFault(404, 'SLO manifest not found')
  if (!object.large) throw new SwiftFault(400, 'Not an SLO manifest')
  const segments = (await manifestOf(object)).flatMap((segment) => (isInline(segment) ? [] : [segment]))
  const places = segments.map((segment) => addressOf(at.account, segment))
  const containers = [...new Set(places.map(({ container }) => container))]
  if (containers.length > 1) {
    const list = containers.map((each) => `"${quotePath(each)}"`).join(', ')
    throw new SwiftFault(400, `All segments must be in one container. Found segments in ${list}`)
  }
  if (segments.some((segment) => segment.sub_slo)) throw new SwiftFault(400, 'No segments may be large objects.')
  await remove(at)
  for (const place of places) await remove(place)
}

function addressOf(account: string, { name }: StoredSegment): ObjectAddress {
  const [container = '', ...rest] = name.replace(/^\//, '').split('/')
  return { account, container, object: rest.join('/') }
}

/** `404 Not Found` */
export function statusLine(status: number): string {
  return `${status} ${httpReasons[status] ?? STATUS_CODES[status] ?? ''}`
}

export function md5Of(bytes: Uint8Array | string): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** The body of `PUT ?multipart-manifest=put`. @throws SwiftFault 413, 499, 503 */
export async function readManifestBody(c: SwiftContext): Promise<Buffer> {
  return readBody(c.env.incoming, manifestLimits.max_manifest_size).catch((error: unknown) => {
    if (!(error instanceof BodyRefused)) throw error
    if (error.fault === 'too-large') throw new SwiftFault(413, `Manifest File > ${error.limitBytes} bytes`)
    if (error.fault === 'cut-short') throw new SwiftFault(499)
    throw new SwiftFault(503, 'Too much is being sent at once. Please try again later.', { 'Retry-After': '1' })
  })
}
