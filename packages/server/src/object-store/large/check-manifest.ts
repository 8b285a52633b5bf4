import { createHash } from 'node:crypto'
import { UnstorableText } from '../../database/guarded-database.js'
import { takeTurn } from '../../http/turns.js'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import type { ObjectAddress } from '../address.js'
import { spanIn } from '../byte-range.js'
import { manifestLimits } from '../limits.js'
import type { Content, ContentOf } from '../objects/content.js'
import type { ObjectRecord } from '../objects/object-record.js'
import type { ObjectRepository } from '../objects/object-repository.js'
import { listingTime } from '../timestamps.js'
import { etagPart, lengthOf, type Segment, type StoredSegment } from './manifest.js'
import { readManifest, type WantedSegment } from './manifest-input.js'

/** A manifest whose segments all exist. */
export interface CheckedManifest {
  readonly json: Buffer
  readonly etag: string
  readonly size: number
}

/** The problem with a segment: a message, or the refusal of a HEAD of it. */
export interface SegmentProblem {
  readonly name: string
  readonly problem: string | Refusal
}

/** The objects that a manifest is checked against. */
interface Segments {
  readonly objects: Pick<ObjectRepository, 'find'>
  readonly contentOf: ContentOf
  readonly access: Access
}

/**
 * Reads a manifest and checks every segment it names (swift/common/middleware/slo.py `handle_multipart_put`).
 * @returns the problems if there are any
 * @throws Refusal invalid or over-limit for a body that is not a valid manifest
 */
export async function checkManifest(
  body: Buffer,
  at: ObjectAddress,
  known: Segments,
): Promise<CheckedManifest | { readonly problems: readonly SegmentProblem[] }> {
  const wanted = await readManifest(body, `${at.container}/${at.object}`)
  const most = manifestLimits.max_manifest_segments
  if (wanted.filter((each) => 'path' in each).length > most) {
    throw new Refusal('over-limit', `Number of object-backed segments must be <= ${most}`)
  }
  const problems: SegmentProblem[] = []
  const segments: Segment[] = []
  const lookUp = lookUpOnce(at.account, known)
  for (const [index, each] of wanted.entries()) {
    await takeTurn()
    if (!('path' in each)) {
      segments.push(each)
      continue
    }
    const name = each.path
    const there = await lookUp(each)
    if (there instanceof Refusal) {
      problems.push({ name, problem: there })
      continue
    }
    const found = checkSegment(each, there.object, there.content, index === wanted.length - 1)
    segments.push(found.segment)
    problems.push(...found.problems.map((problem) => ({ name, problem })))
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

/**
 * Finds a segment's object, or the refusal of a HEAD of it. An object that is named several times is looked up once.
 */
function lookUpOnce(account: string, { objects, contentOf, access }: Segments) {
  type Facts = Pick<Content, 'size' | 'etag'>
  type Found = { readonly object: ObjectRecord; readonly content: Facts } | Refusal
  const known = new Map<string, Found>()
  const dynamic = new Map<string, Facts>()
  const find = async (at: ObjectAddress): Promise<Found> => {
    try {
      access.require('read', at)
      const object = objects.find(at)
      if (!object) return new Refusal('not-found')
      const manifest = object.metadata['x-object-manifest']
      const { size, etag } = dynamic.get(manifest ?? '') ?? (await contentOf(account, object, access))
      const content = { size, etag }
      if (manifest !== undefined) dynamic.set(manifest, content)
      return { object, content }
    } catch (error) {
      if (error instanceof Refusal) return error
      if (error instanceof UnstorableText) return new Refusal('failed-condition')
      throw error
    }
  }
  return async ({ container, object }: WantedSegment): Promise<Found> => {
    const key = `${container}/${object}`
    const found = known.get(key) ?? (await find({ account, container, object }))
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
