import { isNotFound, type Source, UsageError } from '@tyrax/sdk'
import { ObjectExists } from '../../errors.js'
import type { ObjectReference, Reference } from '../../input/references.js'
import type { Row } from '../../output/result.js'
import { type CopyJob, copyRow } from './copy-job.js'

/** Puts data into object storage, unless the object has the same bytes already. */
export async function putObject(
  job: CopyJob<Reference, ObjectReference>,
  data: Source,
  defaultName: string,
): Promise<Row> {
  const { context, clouds, to, flags } = job
  refuseImageFlags(job)
  const { signal } = context
  const cloud = await clouds(to.cloud)
  const isFolder = to.object === '' || to.object.endsWith('/')
  const name = isFolder ? `${to.object}${defaultName}` : to.object
  const there = await cloud.objects.stat(to.container, name, { signal }).catch((error: unknown) => {
    if (isNotFound(error)) return undefined
    throw error
  })
  const row = { name: `${to.container}/${name}` }
  if (there) {
    const md5 = there.large === undefined ? there.etag : undefined
    const known = data.hashes?.find(({ algorithm }) => algorithm === 'md5')?.value
    if (md5 !== undefined && md5 === known) {
      await data.close?.()
      const reason = 'the object has the same bytes already'
      context.note(`unchanged ${row.name}: ${reason}`)
      return copyRow(job, 'unchanged', { ...row, bytes: 0, reason })
    }
    if (!flags.force) {
      throw new ObjectExists(`there is an object ${row.name} already`, { hint: 'choose another name, or --force' })
    }
  }
  if (flags.dryRun) return copyRow(job, 'planned', { ...row, bytes: data.size ?? null, via: 'client' })
  const display = await context.progress(row.name)
  const stored = await cloud.objects.put(to.container, name, data, {
    signal,
    onProgress: display.report.bind(display),
  })
  display.done()
  const { bytes, leftSegments } = stored
  if (leftSegments.length > 0) {
    context.note(`segments of the replaced object could not be deleted: ${leftSegments.join(', ')}`)
  }
  return copyRow(job, 'copied', { ...row, bytes, via: 'client', verdict: 'verified' })
}

const imageFlags = [
  'id',
  'visibility',
  'property',
  'tag',
  'protected',
  'diskFormat',
  'store',
  'reuse',
  'replace',
  'allowDuplicate',
] as const

/** Only images have fields. @throws UsageError */
export function refuseImageFlags({ flags, to }: Pick<CopyJob, 'flags' | 'to'>): void {
  const given = imageFlags.find((name) => flags[name] !== undefined)
  if (given === undefined) return
  const flag = `--${given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  throw new UsageError(`${flag} is for images, and ${to.text} is none`)
}
