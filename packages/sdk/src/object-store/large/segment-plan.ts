import { UsageError } from '../../errors/tyrax-error.js'
import type { StorageLimits } from './limits.js'

/** How an object of known size is cut into segments. */
export interface SegmentPlan {
  /** Of every segment except the last, which may be smaller. */
  readonly segmentSizeBytes: number
  readonly count: number
}

const MiB = 1024 ** 2

/**
 * Cuts `sizeBytes` into segments of the wanted size, or of a larger one where those would be too many.
 * @throws UsageError for a size that no allowed number of segments can hold
 */
export function planSegments(sizeBytes: number, wantedBytes: number, limits: StorageLimits): SegmentPlan {
  const { maxObjectBytes, maxSegments } = limits
  if (sizeBytes > maxObjectBytes * maxSegments) {
    throw new UsageError(
      `${sizeBytes} bytes are more than the server takes: ${maxSegments} segments of ${maxObjectBytes} bytes`,
    )
  }
  const fewest = Math.ceil(sizeBytes / maxSegments)
  // In whole MiB, as a person would choose it, as far as the limit allows.
  const grown = Math.min(Math.ceil(fewest / MiB) * MiB, maxObjectBytes)
  const segmentSizeBytes = fewest > wantedBytes ? grown : wantedBytes
  return { segmentSizeBytes, count: Math.ceil(sizeBytes / segmentSizeBytes) }
}

/** The bytes of one segment, `end` exclusive. */
export function spanOfSegment(index: number, plan: SegmentPlan, sizeBytes: number): { start: number; end: number } {
  const start = index * plan.segmentSizeBytes
  return { start, end: Math.min(start + plan.segmentSizeBytes, sizeBytes) }
}

/**
 * The allowed number of segments is used up in this number of steps; after each, the segments of a stream of unknown
 * size are twice as large.
 */
const steps = 10

/**
 * The size of a segment of a stream of unknown size: as wanted at first, and growing, so that the allowed number
 * suffices.
 */
export function streamSegmentSize(index: number, wantedBytes: number, limits: StorageLimits): number {
  const step = Math.floor(index / Math.max(1, Math.floor(limits.maxSegments / steps)))
  return Math.min(wantedBytes * 2 ** step, limits.maxObjectBytes)
}

/** Where an object's segments are. */
export interface SegmentFolder {
  readonly container: string
  /** The prefix of all their names, whichever upload they are from; ends with a slash. */
  readonly prefix: string
}

/** The container for segments next to an object's own, as `swift upload` names it. */
export function defaultSegmentContainer(container: string): string {
  return `${container}_segments`
}

/**
 * `<name>/slo/` in the container's own segment container, as `swift upload` names it. Another one may be shared by
 * several containers, so that the path begins with the container's name there.
 */
export function segmentFolder(container: string, name: string, segmentContainer: string): SegmentFolder {
  const isOwn = segmentContainer === defaultSegmentContainer(container)
  return { container: segmentContainer, prefix: `${isOwn ? '' : `${container}/`}${name}/slo/` }
}

/** What the names of an upload's segments have in common after the folder's prefix. */
export interface SegmentSeries {
  /** Identifies the upload: no upload writes to the segments of another, which may belong to an object. */
  readonly stamp: string
  /** Of the whole object; undefined when it was not known. */
  readonly sizeBytes: number | undefined
  readonly segmentSizeBytes: number
}

/** A new stamp: the time in seconds, and random digits. */
export function newStamp(): string {
  const [digits = 0] = crypto.getRandomValues(new Uint32Array(1))
  return `${(Date.now() / 1000).toFixed(3)}${String(digits % 1_000_000).padStart(6, '0')}`
}

/** `<stamp>/<size>/<segment size>/`, which eight digits follow. */
export function seriesPrefix(folder: SegmentFolder, { stamp, sizeBytes, segmentSizeBytes }: SegmentSeries): string {
  return `${folder.prefix}${stamp}/${sizeBytes ?? 'stream'}/${segmentSizeBytes}/`
}

export function segmentName(folder: SegmentFolder, series: SegmentSeries, index: number): string {
  return seriesPrefix(folder, series) + String(index).padStart(8, '0')
}

/** The content of a segment's name; undefined for a name of another form. */
export function parseSegmentName(
  folder: SegmentFolder,
  name: string,
): { readonly series: SegmentSeries; readonly index: number } | undefined {
  if (!name.startsWith(folder.prefix)) return undefined
  const match = /^(\d+(?:\.\d+)?)\/(\d+|stream)\/(\d+)\/(\d{8})$/.exec(name.slice(folder.prefix.length))
  if (!match) return undefined
  const [, stamp = '', size = '', segmentSize, index] = match
  const sizeBytes = size === 'stream' ? undefined : Number(size)
  return { series: { stamp, sizeBytes, segmentSizeBytes: Number(segmentSize) }, index: Number(index) }
}

/**
 * Whether a segment lies in the object's own folder: in the container's own segment container, or in another one below
 * the container's name. Only such segments are ever removed by a call that did not send them.
 */
export function isOwnSegment(
  object: { readonly container: string; readonly name: string },
  segment: { readonly container: string; readonly name: string },
): boolean {
  const folder = segmentFolder(object.container, object.name, segment.container)
  return parseSegmentName(folder, segment.name) !== undefined
}

/** The object in this container whose own folder a segment lies in. */
export function objectOfSegment(
  container: string,
  segment: { readonly container: string; readonly name: string },
): string | undefined {
  const before = segmentFolder(container, '', segment.container).prefix.slice(0, -'/slo/'.length)
  const match = /^(.+)\/slo\/[^/]+\/[^/]+\/[^/]+\/[^/]+$/s.exec(segment.name.slice(before.length))
  const name = match?.[1]
  return name !== undefined && isOwnSegment({ container, name }, segment) ? name : undefined
}

/** The prefix of a dynamic large object that `swift upload` made: `<name>/<mtime>/<size>/<segment size>/`. */
export function isOwnDynamicPrefix(
  object: { readonly container: string; readonly name: string },
  segments: { readonly container: string; readonly prefix: string },
): boolean {
  if (segments.container !== defaultSegmentContainer(object.container)) return false
  if (!segments.prefix.startsWith(`${object.name}/`)) return false
  return /^\d+(?:\.\d+)?\/\d+\/\d+\/$/.test(segments.prefix.slice(object.name.length + 1))
}
