import path from 'node:path'
import { type Cloud, type Source, UsageError } from '@tyrax/sdk'
import { withoutUndefined } from '../../command/option.js'
import type {
  FileReference,
  ImageReference,
  ObjectReference,
  StreamReference,
  UrlReference,
} from '../../input/references.js'
import { pathOf, sourceOfFile } from '../../input/sources.js'
import type { Row } from '../../output/result.js'
import { noteSource, noteWarning, sourceRow, warnDamaged } from '../notes.js'
import { givenSourceOptions, givenTimeouts } from '../options.js'
import { refuseTerminal, writeBytes } from '../to-stdout.js'
import { bothClouds } from './copy-image.js'
import { type CopyJob, copyRow, imageNameOf, replacedRow } from './copy-job.js'
import { putObject, refuseImageFlags } from './put-object.js'

/** A file, an address or standard input, as it is read here. */
type DataReference = FileReference | UrlReference | StreamReference

/** Copies a file, an address or standard input into a cloud. */
export async function copyFromData(job: CopyJob<DataReference>): Promise<Row> {
  const { context, from, to, flags } = job
  if (to.kind !== 'image' && to.kind !== 'object') {
    throw new UsageError(`${from.text} and ${to.text} are both outside of a cloud`, {
      hint: 'one of them has to be an image or an object; for files there are cp and curl',
    })
  }
  const text = from.kind === 'file' ? from.path : from.text
  const data = sourceOfFile(context, text, { urls: true, size: flags.size })
  const base = from.kind === 'url' ? decodeURIComponent(new URL(from.text).pathname) : from.kind === 'file' ? text : ''
  if (to.kind === 'image') return makeImage({ ...job, to }, data, imageNameOf(base))
  if (base === '' && (to.object === '' || to.object.endsWith('/'))) throw nameless(to.text)
  await data.prepare(context.signal)
  return putObject({ ...job, to }, data, path.posix.basename(base))
}

/** Copies an object to an image, another object, a file or standard output. */
export async function copyFromObject(job: CopyJob<ObjectReference>): Promise<Row | undefined> {
  const { context, from, to } = job
  const { signal } = context
  const [cloud, target] = await bothClouds(job)
  const { container, object: name } = from
  if (to.kind === 'file') return objectToFile({ ...job, to }, cloud)
  if (to.kind === 'stream') {
    refuseTerminal(context)
    const display = await context.progress(name)
    const onProgress = display.report.bind(display)
    const { stream } = await cloud.objects.download(container, name, { signal, onProgress })
    await writeBytes(context, stream)
    display.done()
    return undefined
  }
  const data = await cloud.objects.get(container, name, { signal })
  if (to.kind === 'image') return makeImage({ ...job, to }, data, imageNameOf(name))
  if (to.kind !== 'object') throw new UsageError(`${to.text} is no destination`)
  if (cloud === target && to.container === container && to.object === name) {
    throw new UsageError(`source and destination are the same object: ${to.text}`)
  }
  return putObject({ ...job, to }, data, path.posix.basename(name))
}

async function objectToFile(job: CopyJob<ObjectReference, FileReference>, cloud: Cloud): Promise<Row> {
  const { context, from, to, flags } = job
  refuseImageFlags(job)
  const { container, object: name } = from
  const written = pathOf(context, to.path)
  const file = /[/\\]$/.test(to.path) ? path.join(written, path.posix.basename(name)) : written
  if (flags.dryRun) return copyRow(job, 'planned', { path: file, via: 'client' })
  const display = await context.progress(name)
  const { bytes, verdict } = await cloud.objects.download(container, name, {
    to: file,
    overwrite: flags.force ?? false,
    signal: context.signal,
    onDamaged: warnDamaged(context),
    onProgress: display.report.bind(display),
  })
  display.done()
  return copyRow(job, 'copied', { name: `${container}/${name}`, path: file, bytes, via: 'client', verdict })
}

async function makeImage(
  job: CopyJob<DataReference | ObjectReference, ImageReference>,
  data: Source,
  defaultName: string,
): Promise<Row> {
  const { context, clouds, to, flags } = job
  const name = to.image || defaultName
  if (name === '') throw nameless(to.text)
  const cloud = await clouds(to.cloud)
  const display = flags.dryRun ? undefined : await context.progress(name)
  const wanted = withoutUndefined({
    name,
    data,
    diskFormat: flags.diskFormat ?? 'auto',
    visibility: flags.visibility === 'same' ? undefined : flags.visibility,
    properties: flags.property,
    tags: flags.tag,
    protected: flags.protected,
    store: flags.store?.[0],
    force: flags.force,
    ...givenSourceOptions(context, flags),
    limitRate: flags.limitRate,
    requireVerified: flags.requireVerified,
    timeouts: givenTimeouts(context.globals),
    signal: context.signal,
    onWarning: noteWarning(context),
    onDamaged: warnDamaged(context),
    onProgress: display?.report.bind(display),
  })
  if (flags.allowDuplicate || flags.id !== undefined) {
    if (flags.dryRun) return copyRow(job, 'planned', { name, via: 'client' })
    const image = await cloud.images.create({ ...wanted, ...withoutUndefined({ id: flags.id }) })
    display?.done()
    noteSource(context, image)
    const about = { id: image.id, name: image.name, bytes: image.size, via: 'client' }
    return copyRow(job, 'copied', { ...about, ...sourceRow(image) })
  }
  const params = { ...wanted, replace: flags.replace ?? (false as const) }
  if (flags.dryRun) {
    const { outcome, reason, existing } = await cloud.images.planEnsure(params)
    const isSent = existing === undefined
    const rest = { name, reason, ...(existing && { id: existing.id }), ...(isSent && { via: 'client' }) }
    return copyRow(job, isSent ? 'planned' : outcome, rest)
  }
  const made = await cloud.images.ensure(params)
  display?.done()
  noteSource(context, made)
  const { image, bytes, reason, replaced } = made
  const isThere = bytes === 0 && made.outcome !== 'created'
  if (isThere) context.note(`${made.outcome} ${name}: ${reason}`)
  const row = { id: image.id, name, bytes, ...(!isThere && { via: 'client' }), reason, ...replacedRow(replaced) }
  return copyRow(job, isThere ? made.outcome : 'copied', { ...row, ...sourceRow(made) })
}

function nameless(text: string): UsageError {
  return new UsageError(`${text} needs a name: what is copied has none`, { hint: 'write CLOUD:NAME, or NAME' })
}
