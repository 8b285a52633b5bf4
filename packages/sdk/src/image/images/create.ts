import { randomUuid } from '../../http/request-id.js'
import { readJson } from '../../http/read-json.js'
import { ConflictError } from '../../errors/http-error.js'
import { UsageError } from '../../errors/tyrax-error.js'
import type { StorageObject } from '../../object-store/storage-object.js'
import { mayHaveBeenDone } from '../../retry/failures.js'
import type { CallOptions } from '../../service/call-options.js'
import type { Source } from '../../sources/source.js'
import { type SourceLike, toSource } from '../../sources/to-source.js'
import { withDeadline } from '../../transfer/deadline.js'
import type { Verdict } from '../../transfer/verdict.js'
import { decodeImage } from './codec.js'
import type { ImageContext } from './context.js'
import { createBody, type ImageFields } from './create-body.js'
import { getImage } from './get.js'
import type { Image } from './image.js'
import { transferId } from './orphans.js'
import { removeAfterFailure } from './upload/after-failure.js'
import { checksumIn } from './upload/open-source.js'
import type { SendOptions, SignOptions, SourceOptions, SourceReport } from './upload/options.js'
import { finish } from './upload/reveal.js'
import { UploadPipeline, type UploadTarget } from './upload/pipeline.js'

/** Where a new image's data comes from; without any of these, a record without data is created. */
export interface ImageDataParams {
  /** Takes precedence over `obj`. */
  readonly data?: SourceLike | undefined
  /** The container of `obj`, when that is a name. */
  readonly container?: string | undefined
  /** An object in object storage: its name, with `container`, or the object itself. */
  readonly obj?: string | StorageObject | undefined
}

/** How the data is handled, and the record when the upload fails. */
interface CreateOptions extends SourceOptions, SendOptions, SignOptions {
  /**
   * Leave the record on the server when the upload fails; an image that was stored wrong is deactivated.
   * @default false
   */
  readonly keepOnFailure?: boolean | undefined
}

/** What `images.create` takes: fields of the image, its data, and how to send that. */
export interface ImageCreateParams extends ImageFields, ImageDataParams, CreateOptions {}

/** A new image, and whether its data was verified to be what was sent. */
export interface CreatedImage extends Image, SourceReport {
  /** Absent when no data was given. */
  readonly verdict?: Verdict
}

/**
 * Creates an image: checks the arguments, inspects the data, creates the record, sends the data, waits until the image
 * is active and compares the hash. If any step fails, nothing stays on the server.
 */
export async function createImage(context: ImageContext, params: ImageCreateParams): Promise<CreatedImage> {
  return withDeadline(params.deadlineMs, params.signal, (signal) => createInTime(context, { ...params, signal }))
}

async function createInTime(context: ImageContext, params: ImageCreateParams): Promise<CreatedImage> {
  const fields = fieldsOf(params)
  // Refuses bad fields before the source is touched.
  createBody(fields)
  const source = await sourceOf(context, params)
  if (!source) return createWithoutData(context, fields, params)
  const upload = new UploadPipeline(context, source, params)
  const { sent, report } = await upload.fill(() => newRecord(context, fields, params))
  const { id } = sent.image
  const isLate = fields.protected === true && params.keepOnFailure !== true
  const image = isLate ? await finish(context, id, { protected: true }, params) : sent.image
  return { ...image, verdict: sent.verdict, ...report }
}

/** The parameters that are not fields of the record. */
const isOption: Readonly<Record<keyof ImageDataParams | keyof CreateOptions, true>> = {
  data: true,
  container: true,
  obj: true,
  decompress: true,
  sourceChecksum: true,
  checksum: true,
  signal: true,
  onProgress: true,
  limitRate: true,
  requireVerified: true,
  deadlineMs: true,
  force: true,
  onWarning: true,
  store: true,
  timeouts: true,
  settleTimeoutMs: true,
  onDamaged: true,
  keepOnFailure: true,
  sign: true,
}

/**
 * The fields of the record, including their defaults. Unknown parameters stay among them, so that they are refused as
 * fields.
 */
export function fieldsOf(params: ImageCreateParams): ImageFields {
  const fields = Object.entries(params).filter(([name, value]) => !Object.hasOwn(isOption, name) && value !== undefined)
  return { diskFormat: 'vhd', containerFormat: 'bare', ...(Object.fromEntries(fields) as unknown as ImageFields) }
}

/** @throws UsageError for an incomplete source; NotFoundError for an object that does not exist */
export async function sourceOf(context: ImageContext, params: ImageCreateParams): Promise<Source | undefined> {
  const { data, container, obj, signal } = params
  // Data that was passed counts as data, even if it turns out to be empty.
  if (data !== undefined && data !== null) return toSource(data)
  if (obj === undefined && container === undefined) return undefined
  if (typeof obj === 'object' && obj !== null) return toSource(obj)
  if (typeof obj !== 'string' || obj === '') {
    throw new UsageError('container names no object to take the data from', { hint: "give its name as obj: 'name'" })
  }
  if (typeof container !== 'string' || container === '') {
    throw new UsageError(`the object ${obj} is in no container`, {
      hint: "give container: 'name', or the object itself",
    })
  }
  return context.objects.get(container, obj, { signal })
}

async function createWithoutData(context: ImageContext, fields: ImageFields, options: CreateOptions): Promise<Image> {
  if (checksumIn(options) !== undefined)
    throw new UsageError('without data there is nothing to compare a checksum with')
  if (options.sign !== undefined) throw new UsageError('without data there is nothing to sign')
  if (fields.diskFormat !== 'auto') return createRecord(context, fields, randomUuid(), options)
  throw new UsageError('without data there is no disk format to detect', { hint: 'name it, or leave it null' })
}

/** @throws UsageError when a format is missing */
function newRecord(context: ImageContext, fields: ImageFields, options: CreateOptions): UploadTarget {
  const { keepOnFailure = false } = options
  const { diskFormat, containerFormat } = fields
  if (typeof diskFormat !== 'string' || typeof containerFormat !== 'string') {
    throw new UsageError('an image with data needs a disk format and a container format', {
      hint: "leave them out for the defaults, or use diskFormat: 'auto' (--disk-format auto)",
    })
  }
  return {
    diskFormat,
    containerFormat,
    keepOnFailure,
    isReplaceable: fields.id === undefined,
    async claim(found, signature) {
      // A record that is to be kept in any case is not marked as one that may be cleaned up.
      const newId = keepOnFailure ? randomUuid() : transferId()
      // One that is protected could not be removed when the upload fails.
      const record = {
        ...fields,
        diskFormat: found,
        ...signed(fields, signature),
        ...(!keepOnFailure && { protected: undefined }),
      }
      return (await createRecord(context, record, newId, options)).id
    },
    remove: (id, error) => removeAfterFailure(context, id, error),
  }
}

const signed = ({ properties }: ImageFields, signature: Readonly<Record<string, string>> | undefined) =>
  signature && { properties: { ...properties, ...signature } }

/**
 * POST /v2/images. The id is chosen here, so that the request can be repeated when its response is lost, without
 * creating two images: the second POST is refused with 409, and the image is ours. With an id that the caller chose, it
 * might belong to another client.
 */
export async function createRecord(
  context: ImageContext,
  fields: ImageFields,
  newId: string,
  { signal }: CallOptions,
): Promise<Image> {
  const isNew = fields.id === undefined
  const id = fields.id ?? newId
  let attempts = 0
  try {
    const response = await context.client.request({
      method: 'POST',
      path: '/images',
      json: createBody({ ...fields, id }),
      retry: { methods: isNew ? ['POST'] : [] },
      onAttempt: () => (attempts += 1),
      signal,
    })
    return await readJson(response, decodeImage)
  } catch (error) {
    if (error instanceof ConflictError && attempts > 1) return getImage(context, id, { signal })
    if (isNew && attempts > 0 && mayHaveBeenDone(error)) await removeAfterFailure(context, id, error)
    throw error
  }
}
