import { addHint } from '../../errors/tyrax-error.js'
import { withDeadline } from '../../transfer/deadline.js'
import type { CreatedImage } from '../images/create.js'
import { createImage } from '../images/create.js'
import { imageSource } from '../images/download/image-source.js'
import type { RangeMemory } from '../images/download/image-data.js'
import type { ImageRef } from '../images/image.js'
import { revealed } from '../images/upload/reveal.js'
import { isEnded } from '../../transport/aborting.js'
import type { PollClock } from '../wait/poll-clock.js'
import { copyByServer, copyToStores } from './by-server.js'
import type { ImageCopy, ImageCopyOptions, ImageCopyPlan } from './copy-options.js'
import { planCopy, type PreparedCopy } from './plan-copy.js'
import type { CopyEnds } from './choose-copy-way.js'
import { retireImages } from './retire-images.js'

/** What a copy works with, in addition to both ends. */
export interface CopyTools {
  /** Of the original's cloud. */
  readonly ranges: RangeMemory
  /** Of the destination's. */
  readonly clock: PollClock
}

/** What the copy would do. */
export async function planImageCopy(ends: CopyEnds, ref: ImageRef, options: ImageCopyOptions): Promise<ImageCopyPlan> {
  const { fields: _fields, way: _way, ...plan } = await planCopy(ends, ref, options)
  return plan
}

/**
 * Copies an image: the verified reading of the original is the source of a verified upload, or the server does it. When
 * anything fails, nothing of the copy stays.
 */
export async function copyImage(
  ends: CopyEnds,
  tools: CopyTools,
  ref: ImageRef,
  options: ImageCopyOptions,
): Promise<ImageCopy> {
  return withDeadline(options.deadlineMs, options.signal, async (signal) => {
    const inTime = { ...options, signal }
    const plan = await planCopy(ends, ref, inTime)
    const { source, omitted, via, reason, existing } = plan
    const common = { source, omitted, reason }
    if (existing) {
      const none = { bytes: 0, refused: [], replaced: [] }
      return { ...common, ...none, outcome: 'unchanged', via, image: existing, verdict: 'verified' }
    }
    if (plan.way?.via === 'copy-image') {
      const image = await copyToStores(ends.from, tools.clock, source, plan.way.stores ?? [], inTime)
      return { ...common, outcome: 'copied', via, ...image, refused: [], replaced: [] }
    }
    const { made, ...how } = await make(ends, tools, plan, inTime)
    const { verdict = 'unverifiable', ...image } = made
    const { replace } = options
    const replaced = replace ? await retireImages(ends.to, plan.replaces, replace, { signal }) : []
    const { decompressed: _none, sourceChecksum: _no, warnings, ...record } = image
    return {
      ...common,
      ...how,
      outcome: 'copied',
      image: record,
      verdict,
      bytes: how.via === 'client' ? (record.size ?? 0) : 0,
      ...(warnings && { warnings }),
      replaced,
    }
  })
}

interface Made extends Pick<ImageCopy, 'via' | 'reason' | 'refused'> {
  readonly made: CreatedImage
}

/** By the chosen way; when the server was not asked for and refuses, through here. */
async function make(ends: CopyEnds, tools: CopyTools, plan: PreparedCopy, options: ImageCopyOptions): Promise<Made> {
  const { way, reason } = plan
  if (way?.via !== 'glance-download') {
    return { made: await throughHere(ends, tools, plan, options), via: 'client', reason, refused: [] }
  }
  try {
    return { made: await copyByServer(ends, tools.clock, plan, way, options), via: way.via, reason, refused: [] }
  } catch (error) {
    if (options.via === 'server' || isEnded(error) || options.signal?.aborted) throw error
    const refused = { via: way.via, reason: error instanceof Error ? error.message : String(error) }
    const made = await throughHere(ends, tools, plan, options).catch((failure: unknown) => {
      addHint(failure, `${refused.via} was tried before: ${refused.reason}`)
      throw failure
    })
    return { made, via: 'client', reason: 'through this machine: the server refused', refused: [refused] }
  }
}

async function throughHere(
  { from, to }: CopyEnds,
  { ranges }: CopyTools,
  { source, fields, replaces }: PreparedCopy,
  options: ImageCopyOptions,
): Promise<CreatedImage> {
  const { signal, requireVerified, prefer, retries, idleTimeoutMs, limitRate } = options
  const reading = { signal, requireVerified, prefer, retries, idleTimeoutMs, limitRate }
  const data = await imageSource(from, ranges, source, reading)
  const { force, onWarning, onDamaged, timeouts, settleTimeoutMs, onProgress, stores } = options
  const sending = { force, onWarning, onDamaged, timeouts, settleTimeoutMs, onProgress, requireVerified, signal }
  const store = stores?.[0]
  return revealed(to, fields, replaces.length > 0, { signal }, (record) =>
    createImage(to, { ...record, ...sending, data, store, decompress: false }),
  )
}
