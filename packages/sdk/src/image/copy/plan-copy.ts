import { ImageExistsError, ImageStatusError } from '../../errors/image-errors.js'
import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { createBody } from '../images/create-body.js'
import type { ImageContext } from '../images/context.js'
import { recordWithData } from '../images/download/image-data.js'
import type { Image, ImageRef } from '../images/image.js'
import { listStores } from '../stores/store-requests.js'
import { type CarriedFields, carriedFields } from './carried-fields.js'
import { chooseWay, type ChosenWay, type CopyEnds } from './choose-copy-way.js'
import type { ImageCopyOptions, ImageCopyPlan } from './copy-options.js'
import { checkReplacement } from './retire-images.js'
import { bytesOf, holdsBytes, imageWithBytes, ownImages } from './same-bytes.js'

/** A plan, with what is needed to carry it out. */
export interface PreparedCopy extends ImageCopyPlan {
  readonly fields: CarriedFields['fields']
  readonly way: ChosenWay | undefined
}

/**
 * Looks at both ends, and decides what to do. Changes nothing.
 * @throws UsageError; ImageStatusError for an original without data; ImageExistsError
 */
export async function planCopy(ends: CopyEnds, ref: ImageRef, options: ImageCopyOptions): Promise<PreparedCopy> {
  const { from, to } = ends
  check(options)
  const { signal } = options
  const source = await recordWithData(from, ref, { signal })
  if (source.status !== 'active' && source.status !== 'deactivated') {
    throw new ImageStatusError(
      `the image ${source.id} is ${source.status}: only an active one is copied`,
      source.status,
    )
  }
  const isHere = from.client === to.client
  const carried = carriedFields(source, options, isHere)
  // Refuses bad fields before anything is looked up.
  createBody(carried.fields)
  if (isHere && carried.fields.name === source.name && options.allowDuplicate !== true) {
    if (options.stores === undefined) throw sameImage(source)
    return inPlace(ends, source, carried, options)
  }
  await checkStore(to, options)
  const { name } = carried.fields
  const plan = { source, name, omitted: carried.omitted, fields: carried.fields }
  const found = await findExisting(to, source, name, options)
  if (found.same?.id === source.id) throw sameImage(source)
  if (found.same) {
    const reason = `the same bytes are there already, in the image ${found.same.id}`
    return { ...plan, outcome: 'unchanged', via: undefined, way: undefined, reason, replaces: [], existing: found.same }
  }
  const way = await chooseWay(ends, source, options)
  return { ...plan, outcome: 'copied', ...way, way, replaces: found.others, existing: undefined }
}

/** The image itself gets further copies of its data in other stores. */
async function inPlace(
  { from }: CopyEnds,
  source: Image,
  { fields }: CarriedFields,
  { stores = [], signal }: ImageCopyOptions,
): Promise<PreparedCopy> {
  const plan = { source, name: fields.name, omitted: [], replaces: [], fields }
  const known = (await listStores(from, { signal })).map(({ id }) => id)
  const unknown = stores.filter((store) => !known.includes(store))
  if (unknown.length > 0) throw noStore(unknown, known)
  const has = (source.stores ?? '').split(',')
  const missing = stores.filter((store) => !has.includes(store))
  if (missing.length === 0) {
    const reason = `the image is in ${stores.join(', ')} already`
    return { ...plan, outcome: 'unchanged', via: undefined, way: undefined, reason, existing: source }
  }
  const way = { via: 'copy-image', reason: 'the server copies between its stores', stores: missing } as const
  return { ...plan, outcome: 'copied', ...way, way, existing: undefined }
}

async function checkStore(to: ImageContext, { stores, signal }: ImageCopyOptions): Promise<void> {
  if (stores === undefined) return
  if (stores.length > 1) {
    throw new UsageError(`a new image takes its data in one store, not in ${stores.join(', ')}`, {
      hint: 'name one of them, and copy it to the others when it is there',
    })
  }
  const known = (await listStores(to, { signal })).map(({ id }) => id)
  const unknown = stores.filter((store) => !known.includes(store))
  if (unknown.length > 0) throw noStore(unknown, known)
}

function noStore(unknown: readonly string[], known: readonly string[]): UsageError {
  const hint = known.length > 0 ? `its stores are ${known.join(', ')}` : 'it has only one store, without a name'
  return new UsageError(`the cloud has no store ${unknown.join(', ')}`, { hint })
}

interface Found {
  readonly same: Image | undefined
  readonly others: readonly Image[]
}

async function findExisting(
  to: ImageContext,
  source: Image,
  name: string,
  { allowDuplicate = false, reuse = false, replace, signal }: ImageCopyOptions,
): Promise<Found> {
  const wanted = bytesOf(source)
  if (reuse) {
    const same = await imageWithBytes(to, wanted, { signal })
    if (same) return { same, others: [] }
  }
  if (allowDuplicate) return { same: undefined, others: [] }
  const own = await ownImages(to, name, { signal })
  const same = own.find((image) => image.status === 'active' && holdsBytes(image, wanted) === true)
  const others = own.filter((image) => image !== same && !image.osHidden)
  if (same || others.length === 0 || replace !== undefined) return { same, others }
  const ids = others.map(({ id }) => id).join(', ')
  const differs = others.every((image) => holdsBytes(image, wanted) === false)
  const what = differs ? 'other data' : 'data that cannot be compared'
  throw new ImageExistsError(`there is an image called ${name} with ${what}: ${ids}`, others, {
    hint: 'choose another name, or replace: hide (--replace hide), or allowDuplicate: true (--allow-duplicate)',
  })
}

function sameImage({ id, name }: Image): UsageError {
  return new UsageError(`source and destination are the same image: ${name ?? id}`, {
    hint: 'give the copy another name, another cloud, or a store (--store) of this one',
  })
}

const vias: readonly unknown[] = [undefined, 'auto', 'client', 'server']

function check(options: ImageCopyOptions): void {
  const { via, stores, replace, allowDuplicate } = options
  if (!vias.includes(via)) throw new UsageError(`via is ${shown(via)}: it is auto, client or server`)
  if (stores?.length === 0)
    throw new UsageError('no stores are named', { hint: "leave stores out for the cloud's own" })
  checkReplacement(replace)
  if (replace !== undefined && allowDuplicate === true) {
    throw new UsageError('an image of this name is either replaced or left alone', {
      hint: 'leave out replace (--replace) or allowDuplicate (--allow-duplicate)',
    })
  }
}
