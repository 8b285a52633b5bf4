import { createHash, getHashes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Cloud, Image } from '@tyrax/sdk'
import { withoutUndefined } from '../../command/option.js'
import { pathOf } from '../../input/sources.js'
import type { FileReference, ImageReference, ObjectReference } from '../../input/references.js'
import type { Row } from '../../output/result.js'
import { findImage } from '../../resources/find-image.js'
import { noteWarning, sourceRow, warnDamaged } from '../notes.js'
import { givenTimeouts } from '../options.js'
import { refuseTerminal, writeBytes } from '../to-stdout.js'
import { type CopyJob, copyRow, replacedRow } from './copy-job.js'
import { putObject } from './put-object.js'

/** Copies an image to wherever the destination is. Returns its record; undefined for standard output. */
export async function copyFromImage(job: CopyJob<ImageReference>): Promise<Row | undefined> {
  const { to, clouds, from, context } = job
  // Both at once: a wrong login of either is told before anything is done.
  const [cloud] = await bothClouds(job)
  const image = await findImage(cloud, from.image, context.signal)
  if (to.kind === 'image') return toImage({ ...job, to }, cloud, image, await clouds(to.cloud))
  if (to.kind === 'object') return toObject({ ...job, to }, cloud, image)
  if (to.kind === 'file') return toFile({ ...job, to }, cloud, image)
  refuseTerminal(context)
  const display = await context.progress(image.name ?? image.id)
  const { stream } = await cloud.images.download(image.id, {
    signal: context.signal,
    onProgress: display.report.bind(display),
    limitRate: job.flags.limitRate,
    requireVerified: job.flags.requireVerified,
  })
  await writeBytes(context, stream)
  display.done()
  return undefined
}

/** @throws the error of the first cloud that cannot be used; what is wrong with the other is a warning */
export async function bothClouds({ clouds, context, from, to }: CopyJob): Promise<[Cloud, Cloud]> {
  const named = [from, to].map((end) => ('cloud' in end ? end.cloud : undefined))
  const [first, second] = await Promise.allSettled(named.map((name) => clouds(name)))
  if (first?.status === 'fulfilled' && second?.status === 'fulfilled') return [first.value, second.value]
  const failures = [first, second].flatMap((each) => (each?.status === 'rejected' ? [each.reason as unknown] : []))
  const [error, other] = failures
  if (other instanceof Error && other !== error) context.warn(other.message)
  throw error
}

async function toImage(
  job: CopyJob<ImageReference, ImageReference>,
  cloud: Cloud,
  image: Image,
  target: Cloud,
): Promise<Row> {
  const { context, flags, to } = job
  const options = withoutUndefined({
    to: target,
    name: to.image || undefined,
    id: flags.id,
    visibility: flags.visibility,
    diskFormat: flags.diskFormat,
    properties: flags.property,
    tags: flags.tag,
    protected: flags.protected,
    stores: flags.store,
    via: flags.via,
    reuse: flags.reuse,
    replace: flags.replace,
    allowDuplicate: flags.allowDuplicate,
    signal: context.signal,
  })
  if (flags.dryRun) {
    const plan = await cloud.images.planCopy(image, options)
    const { name, via = null, reason, omitted, existing, replaces } = plan
    const outcome = plan.outcome === 'copied' ? 'planned' : plan.outcome
    const bytes = plan.outcome === 'copied' ? image.size : 0
    const replaced = replaces.map(({ id, name: old }) => ({ id, name: old, outcome: flags.replace ?? null }))
    return copyRow(job, outcome, {
      ...(existing && { id: existing.id }),
      name,
      bytes,
      via,
      reason,
      omitted,
      ...(replaced.length > 0 && { replaced }),
    })
  }
  const display = await context.progress(image.name ?? image.id)
  const copy = await cloud.images.copy(image, {
    ...options,
    ...withoutUndefined({ force: flags.force, limitRate: flags.limitRate, requireVerified: flags.requireVerified }),
    timeouts: givenTimeouts(context.globals),
    onWarning: noteWarning(context),
    onDamaged: warnDamaged(context),
    onProgress: display.report.bind(display),
  })
  display.done()
  for (const { via, reason } of copy.refused) context.note(`${via} did not work: ${reason}`)
  context.note(`${copy.outcome} ${image.name ?? image.id}: ${copy.reason}`)
  if (copy.omitted.length > 0) context.note(`left out, because only its cloud knows them: ${copy.omitted.join(', ')}`)
  const { id, name } = copy.image
  const { bytes, via = null, verdict, reason, omitted, replaced } = copy
  const row = { id, name, bytes, via, verdict, reason, omitted, ...replacedRow(replaced), ...sourceRow(copy) }
  return copyRow(job, copy.outcome, row)
}

async function toObject(job: CopyJob<ImageReference, ObjectReference>, cloud: Cloud, image: Image): Promise<Row> {
  const { context, flags } = job
  const { signal } = context
  const { limitRate, requireVerified } = flags
  const data = await cloud.images.source(image, { signal, limitRate, requireVerified })
  return putObject(job, data, fileNameOf(image))
}

async function toFile(job: CopyJob<ImageReference, FileReference>, cloud: Cloud, image: Image): Promise<Row> {
  const { context, flags, to } = job
  const written = pathOf(context, to.path)
  const isFolder = /[/\\]$/.test(to.path) || (await isDirectory(written))
  const file = isFolder ? path.join(written, fileNameOf(image).replaceAll(/[/\\]/g, '_')) : written
  if (await hasBytes(file, image)) {
    const reason = 'the file has the same bytes already'
    context.note(`unchanged ${file}: ${reason}`)
    return copyRow(job, 'unchanged', { id: image.id, name: image.name, path: file, bytes: 0, reason })
  }
  const about = { id: image.id, name: image.name, path: file }
  if (flags.dryRun) return copyRow(job, 'planned', { ...about, bytes: image.size, via: 'client' })
  const display = await context.progress(image.name ?? image.id)
  const { bytes, verdict } = await cloud.images.download(image.id, {
    to: file,
    overwrite: flags.force ?? false,
    limitRate: flags.limitRate,
    requireVerified: flags.requireVerified,
    signal: context.signal,
    onDamaged: warnDamaged(context),
    onProgress: display.report.bind(display),
  })
  display.done()
  return copyRow(job, 'copied', { ...about, bytes, via: 'client', verdict })
}

async function isDirectory(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** Whether a file holds the bytes of an image, by its size and then its hash. */
async function hasBytes(file: string, image: Image): Promise<boolean> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile() || found.size !== image.size) return false
  const multihash =
    image.osHashAlgo && image.osHashValue ? [image.osHashAlgo, image.osHashValue] : ['md5', image.checksum]
  const [algorithm, value] = multihash
  if (!algorithm || !value || !getHashes().includes(algorithm)) return false
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash)
  return hash.digest('hex') === value
}

/** `debian-13.qcow2`. */
function fileNameOf({ id, name, diskFormat }: Image): string {
  const base = name ?? id
  return diskFormat === null || base.endsWith(`.${diskFormat}`) ? base : `${base}.${diskFormat}`
}
