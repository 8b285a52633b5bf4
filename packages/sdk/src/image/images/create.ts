import { randomUuid } from '../../http/request-id.js'
import { readJson } from '../../http/read-json.js'
import { ConflictError } from '../../errors/http-error.js'
import { IntegrityError } from '../../errors/transfer-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { Source } from '../../sources/source.js'
import { mayHaveBeenDone } from '../../retry/failures.js'
import { policies } from '../../retry/policies.js'
import { withDeadline } from '../../transfer/deadline.js'
import type { Verdict } from '../../transfer/verdict.js'
import { noteKept, removeAfterFailure, withdraw } from './cleanup.js'
import { decodeImage } from './codec.js'
import type { ImageContext } from './context.js'
import { createBody, type ImageFields } from './create-body.js'
import { createSource, type ImageDataParams } from './create-source.js'
import { getImage } from './get.js'
import type { Image } from './image.js'
import { transferId } from './orphans.js'
import { checksumIn, joinReports, openSource, type SourceOptions, type SourceReport } from './source/open-source.js'
import { inspectData } from './upload/inspect-data.js'
import type { SendOptions, UploadResult } from './upload/options.js'
import { sendData } from './upload/send-data.js'

/** What `images.create` takes: fields of the image, its data, and how to send that. */
export interface ImageCreateParams extends ImageFields, ImageDataParams, SourceOptions, SendOptions {
  /** Leave the record on the server when the upload fails; what was stored wrong is deactivated. @default false */
  readonly keepOnFailure?: boolean | undefined
}

/** A new image, and how sure it is that its data is what was sent. */
export interface CreatedImage extends Image, SourceReport {
  /** Absent when no data was given. */
  readonly verdict?: Verdict
}

/**
 * Makes an image: checks the arguments, looks at the data, makes the record, sends the data, waits until it is active
 * and compares the hash. Whatever fails, nothing of it stays on the server.
 */
export async function createImage(context: ImageContext, params: ImageCreateParams): Promise<CreatedImage> {
  const { deadlineMs, ...rest } = params
  return withDeadline(deadlineMs, params.signal, (signal) => createInTime(context, { ...rest, signal }))
}

async function createInTime(context: ImageContext, params: ImageCreateParams): Promise<CreatedImage> {
  const { data, container, obj, decompress, checksum, signal, onProgress, force, onWarning, store, ...others } = params
  const { sourceChecksum, ...rest } = others
  const { limitRate, timeouts, settleTimeoutMs, onDamaged, requireVerified, keepOnFailure = false, ...given } = rest
  const fields = {
    ...given,
    diskFormat: withDefault(given.diskFormat, 'vhd'),
    containerFormat: withDefault(given.containerFormat, 'bare'),
  }
  // Refuses bad fields before the source is touched.
  createBody(fields)
  const transfer = {
    signal,
    onProgress,
    force,
    onWarning,
    store,
    limitRate,
    timeouts,
    settleTimeoutMs,
    onDamaged,
    requireVerified,
  }
  const origin = await createSource(context, { data, container, obj }, { signal })
  let source = origin
  try {
    if (!origin) {
      if (checksumIn({ sourceChecksum, checksum }) !== undefined)
        throw new UsageError('without data there is nothing to compare a checksum with')
      if (fields.diskFormat !== 'auto') return await createRecord(context, fields, transfer)
      throw new UsageError('without data there is no disk format to detect', { hint: 'name it, or leave it null' })
    }
    const { diskFormat, containerFormat } = withFormats(fields)
    const formats = { diskFormat, containerFormat }
    const handling = { decompress, sourceChecksum, checksum, limitRate, onWarning, signal }
    const opened = await openSource(context, origin, { ...formats, ...handling })
    source = opened.source
    const inspected = await inspectData(opened, { ...transfer, ...formats })
    const ready = { ...fields, diskFormat: inspected.diskFormat }
    const { image, verdict } = await createWithData(context, ready, inspected.source, transfer, keepOnFailure)
    return { ...image, verdict, ...joinReports(opened.report(), inspected.report) }
  } finally {
    await source?.close?.()
  }
}

/** A second time where the first record was lost to an expired token, if the data can be read again. */
async function createWithData(
  context: ImageContext,
  fields: ImageFields,
  source: Source,
  options: SendOptions,
  keepOnFailure: boolean,
): Promise<UploadResult> {
  for (let attempt = 1; ; attempt += 1) {
    // A record that is to stay whatever happens is not marked as one that may be cleared away.
    const record = await createRecord(context, fields, options, keepOnFailure ? undefined : transferId())
    try {
      return await sendData(context, record.id, source, options)
    } catch (error) {
      const isLost = policies.lostRecord.isWorthRetrying(error) && attempt <= policies.lostRecord.retries
      const again = isLost && source.replayable && fields.id === undefined
      if (again || !keepOnFailure) await removeAfterFailure(context, record.id, error)
      else if (error instanceof IntegrityError) await withdraw(context, record.id, error)
      else noteKept(record.id, error)
      if (!again) throw error
    }
  }
}

/**
 * POST /v2/images. The id is chosen here, so that a lost answer can be asked for again without making two images:
 * the second POST answers 409, and the image is ours. With an id of the caller's it might be somebody else's.
 */
async function createRecord(
  context: ImageContext,
  fields: ImageFields,
  options: SendOptions,
  newId: string = randomUuid(),
): Promise<Image> {
  const { signal } = options
  const id = fields.id ?? newId
  let attempts = 0
  try {
    const response = await context.client.request({
      method: 'POST',
      path: '/images',
      json: createBody({ ...fields, id }),
      retry: { methods: fields.id === undefined ? ['POST'] : [] },
      onAttempt: () => (attempts += 1),
      signal,
    })
    return await readJson(response, decodeImage)
  } catch (error) {
    if (error instanceof ConflictError && attempts > 1) return getImage(context, id, { signal })
    if (attempts > 0 && mayHaveBeenDone(error) && fields.id === undefined) await removeAfterFailure(context, id, error)
    throw error
  }
}

function withDefault(value: string | null | undefined, preset: string): string | null {
  return value === undefined ? preset : value
}

function withFormats(fields: ImageFields): { diskFormat: string; containerFormat: string } {
  const { diskFormat, containerFormat } = fields
  if (typeof diskFormat === 'string' && typeof containerFormat === 'string') return { diskFormat, containerFormat }
  throw new UsageError('an image with data needs a disk format and a container format', {
    hint: "leave them out for the defaults, or use diskFormat: 'auto' (--disk-format auto)",
  })
}
