import { ImageExistsError, ImageStatusError } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { isGoneOrTaken } from '../../retry/failures.js'
import type { Source } from '../../sources/source.js'
import { withDeadline } from '../../transfer/deadline.js'
import { checkWholeNumber } from '../../transfer/transfer-limits.js'
import { checkReplacement, type ReplacedImage, retireImages } from '../copy/retire-images.js'
import { bytesOf, holdsBytes, isOlder, ownImages } from '../copy/same-bytes.js'
import { deleteImage } from '../images/actions.js'
import type { ImageContext } from '../images/context.js'
import { fieldsOf, sourceOf } from '../images/create.js'
import { createBody, type ImageFields } from '../images/create-body.js'
import { getImage } from '../images/get.js'
import type { Image } from '../images/image.js'
import { buildPatch, type ImageUpdate } from '../images/patch.js'
import { patchImage } from '../images/update.js'
import { uploadImage } from '../images/upload.js'
import { finish } from '../images/upload/reveal.js'
import { claimRecord, marker } from './claim-record.js'
import { type Content, contentOf } from './content.js'
import type { EnsuredImage, ImageEnsureParams, ImageEnsurePlan } from './ensure-options.js'

/** How often to begin again because another call has changed the images of the name. */
const mostRounds = 20

/** Makes sure that the project's image of this name has this data and these fields. */
export async function ensureImage(context: ImageContext, params: ImageEnsureParams): Promise<EnsuredImage> {
  return withDeadline(params.deadlineMs, params.signal, async (signal) => {
    const work = await begin(context, { ...params, signal })
    try {
      return await work.run()
    } finally {
      await work.close()
    }
  })
}

/** What `ensureImage` would do. */
export async function planEnsure(context: ImageContext, params: ImageEnsureParams): Promise<ImageEnsurePlan> {
  const work = await begin(context, params)
  try {
    const { own: _own, ...plan } = await work.plan()
    return plan
  } finally {
    await work.close()
  }
}

/** @throws UsageError before anything is sent */
async function begin(context: ImageContext, params: ImageEnsureParams): Promise<Ensuring> {
  const { replace = 'hide', keep, staleMs = 60_000, ...rest } = params
  if (replace !== false) checkReplacement(replace)
  checkWholeNumber('keep', keep, 0, Number.MAX_SAFE_INTEGER)
  if (keep !== undefined && replace !== 'hide' && replace !== 'deactivate') {
    throw new UsageError('keep (--keep) counts hidden images, which replace: hide and deactivate leave', {
      hint: 'leave keep (--keep) out',
    })
  }
  const fields = fieldsOf({ diskFormat: 'auto', ...rest })
  createBody(fields)
  const source = await sourceOf(context, rest)
  if (!source)
    throw new UsageError('an image cannot be ensured without data', { hint: 'give data (--file), or obj (--object)' })
  return new Ensuring(context, source, fields, { replace, keep, staleMs, params })
}

interface How {
  readonly replace: NonNullable<ImageEnsureParams['replace']>
  readonly keep: number | undefined
  readonly staleMs: number
  readonly params: ImageEnsureParams
}

/** A plan, and the images that it is based on. */
interface Plan extends ImageEnsurePlan {
  readonly own: readonly Image[]
}

class Ensuring {
  readonly #context: ImageContext
  readonly #source: Source
  readonly #fields: ImageFields
  readonly #how: How

  constructor(context: ImageContext, source: Source, fields: ImageFields, how: How) {
    this.#context = context
    this.#source = source
    this.#fields = fields
    this.#how = how
  }

  close = async (): Promise<void> => this.#source.close?.()

  async run(): Promise<EnsuredImage> {
    for (let round = 0; round < mostRounds; round += 1) {
      const plan = await this.plan()
      const done = plan.existing ? await this.#settle(plan, plan.existing) : await this.#make(plan)
      if (done) return done
    }
    throw new ImageStatusError(`the images called ${this.#fields.name} keep changing`, 'active', {
      hint: 'other calls change them all the time: run it again later',
    })
  }

  async plan(): Promise<Plan> {
    const { params, replace } = this.#how
    const { name, containerFormat } = this.#fields
    const own = await ownImages(this.#context, name, params)
    const content = await this.#content(own)
    const isSame = (image: Image) =>
      image.status === 'active' &&
      holdsBytes(image, content.bytes) === true &&
      (content.diskFormat === undefined || image.diskFormat === content.diskFormat) &&
      image.containerFormat === (containerFormat ?? 'bare')
    const same = own.filter(isSame)
    const existing = same.find(({ osHidden }) => !osHidden) ?? same[0]
    const replaces = own.filter((image) => !image.osHidden && !same.includes(image))
    if (!existing && replace === false && replaces.length > 0) {
      const ids = replaces.map(({ id }) => id).join(', ')
      throw new ImageExistsError(`there is an image called ${name} with other data: ${ids}`, replaces, {
        hint: 'choose another name, or replace: hide (--replace hide)',
      })
    }
    const others = replace === false ? [] : replaces
    if (!existing) {
      const reason = others.length > 0 ? 'the image of this name has other data' : 'there is no image of this name'
      return { outcome: others.length > 0 ? 'replaced' : 'created', reason, existing, replaces: others, own }
    }
    const changes = buildPatch(existing, this.#wanted(existing)).map(({ path }) => path.slice(1))
    const reason =
      changes.length > 0
        ? `the image has the same data, and ${changes.join(', ')} will be changed`
        : 'the image has the same data and fields'
    const outcome = others.length > 0 ? 'replaced' : changes.length > 0 ? 'updated' : 'unchanged'
    return { outcome, reason, existing, replaces: others, own }
  }

  #known: Content | undefined

  /** What is found out once need not be read again, except where images have come that need another hash. */
  async #content(own: readonly Image[]): Promise<Content> {
    const { diskFormat, containerFormat } = this.#fields
    const declared = { diskFormat: diskFormat ?? 'auto', containerFormat: containerFormat ?? 'bare' }
    const known = this.#known
    if (known && own.every((image) => holdsBytes(image, known.bytes) !== undefined)) return known
    this.#known = await contentOf(this.#context, this.#source, declared, own, this.#how.params)
    return this.#known
  }

  /** The fields that were given; an image that is in use keeps all others. */
  #wanted(image: Image): ImageUpdate {
    const { minDisk, minRam, tags, visibility, protected: isProtected, osHidden = false, properties } = this.#fields
    const mark = marker in image.properties ? { [marker]: null } : {}
    return {
      minDisk,
      minRam,
      tags,
      visibility,
      protected: isProtected,
      osHidden,
      properties: { ...properties, ...mark },
    }
  }

  /** The data is there: changes what differs, and takes the others out of the way. */
  async #settle(plan: Plan, existing: Image): Promise<EnsuredImage> {
    const { signal } = this.#how.params
    const { outcome, reason, replaces } = plan
    const image = await patchImage(this.#context, existing, (fresh) => this.#wanted(fresh), { signal })
    const replaced = await this.#retire(image, replaces)
    return { outcome, reason, image, verdict: 'verified', bytes: 0, replaced }
  }

  /** Undefined when another call was faster. */
  async #make({ outcome, reason, replaces, own }: Plan): Promise<EnsuredImage | undefined> {
    const { params, staleMs } = this.#how
    const { diskFormat } = this.#fields
    const hidden = {
      ...this.#fields,
      diskFormat: diskFormat === 'auto' ? null : diskFormat,
      osHidden: true,
      protected: undefined,
    }
    const id = await claimRecord(this.#context, hidden, own, { staleMs, signal: params.signal })
    if (id === undefined) return undefined
    const sent = await this.#send(id)
    if (!sent) return undefined
    const { image: stored, verdict, bytes, osHashAlgo: _algo, osHashValue: _value, ...report } = sent
    if (await this.#isElsewhere(stored)) {
      await deleteImage(this.#context, id, { signal: params.signal })
      return undefined
    }
    const image = await finish(this.#context, id, this.#wanted(await getImage(this.#context, id, params)), params)
    const replaced = await this.#retire(image, replaces)
    return { outcome, reason, image, verdict, bytes, replaced, ...report }
  }

  /** Undefined when another call has filled the record, or removed it. */
  async #send(id: string) {
    const { params } = this.#how
    try {
      return await uploadImage(this.#context, id, this.#source, { ...sendingOf(params), keepOnFailure: false })
    } catch (error) {
      const isOthers = error instanceof ImageStatusError || isGoneOrTaken(error)
      if (!isOthers || !this.#source.replayable) throw error
      return undefined
    }
  }

  /**
   * Whether another image of the name has the same bytes. Of two that come at once, the older one stays; one that has
   * been reported as complete stays in any case.
   */
  async #isElsewhere(stored: Image): Promise<boolean> {
    const { params } = this.#how
    const own = await ownImages(this.#context, this.#fields.name, params)
    const twins = own.filter(
      (image) => image.id !== stored.id && image.status === 'active' && holdsBytes(image, bytesOf(stored)) === true,
    )
    const isUsable = (image: Image) => image.diskFormat === stored.diskFormat
    const stays = twins.filter(isUsable).some((image) => !(marker in image.properties) || isOlder(image, stored))
    // What can be read once cannot be compared before: the next look has to know what it was.
    if (stays) this.#known = { bytes: bytesOf(stored), diskFormat: stored.diskFormat ?? undefined }
    return stays
  }

  async #retire(image: Image, replaces: readonly Image[]): Promise<readonly ReplacedImage[]> {
    const { replace, keep, params } = this.#how
    if (replace === false) return []
    const { signal } = params
    const retired = await retireImages(this.#context, replaces, replace, { signal })
    if (keep === undefined) return retired
    const own = await ownImages(this.#context, this.#fields.name, { signal })
    const old = own.filter(({ osHidden, id, properties }) => osHidden && id !== image.id && !(marker in properties))
    const surplus = old.slice(0, Math.max(0, old.length - keep))
    const deleted = await retireImages(this.#context, surplus, 'delete', { signal })
    const isDeleted = new Set(deleted.map(({ id }) => id))
    return [...retired.filter(({ id }) => !isDeleted.has(id)), ...deleted]
  }
}

/** The options of an upload among those of `ensure`. */
function sendingOf(params: ImageEnsureParams) {
  const { decompress, sourceChecksum, force, onWarning, store, timeouts, settleTimeoutMs, onDamaged } = params
  const { limitRate, requireVerified, onProgress, signal } = params
  const how = { decompress, sourceChecksum, force, onWarning, store, timeouts, settleTimeoutMs, onDamaged }
  return { ...how, limitRate, requireVerified, onProgress, signal }
}
