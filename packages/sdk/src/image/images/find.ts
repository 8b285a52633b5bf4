import { NoMatchError, NoUniqueMatch } from '../../errors/image-errors.js'
import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { imageFieldByName, type KnownImageStatus, maxPageSize, type Visibility } from '@tyrax/protocol'
import type { ImageContext } from './context.js'
import { findByText, type FindOptions } from './find-by-text.js'
import type { Image } from './image.js'
import { listImages } from './list.js'
import type { ImageListParams } from './list-query.js'

/** Attributes that must all be equal; `tags`: the image has all of these; `properties`: it has these among others. */
export type ImageAttributes = {
  readonly [Name in keyof Omit<Image, 'createdAt' | 'extra' | 'locations' | 'status' | 'updatedAt' | 'visibility'>]?:
    | Image[Name]
    | undefined
} & {
  readonly status?: KnownImageStatus | undefined
  readonly visibility?: Visibility | undefined
}

/**
 * The one image with this id, name or set of attributes, wherever it is: all pages are searched.
 * @throws NoMatchError, NoUniqueMatch; UsageError before anything is sent, when there are no attributes, and for an
 * attribute that images do not have or that has another type
 */
export async function findImage(
  context: ImageContext,
  wanted: string | ImageAttributes,
  options: FindOptions = {},
): Promise<Image> {
  checkWanted(wanted)
  if (typeof wanted !== 'string' && Object.values(wanted).every((value) => value === undefined)) {
    throw new UsageError('find needs at least one attribute, because every image matches none', {
      hint: 'give an id, a name or an attribute; listAll lists all images',
    })
  }
  const images = await findImages(context, wanted, options)
  const [first] = images
  const said = typeof wanted === 'string' ? JSON.stringify(wanted) : JSON.stringify({ ...wanted })
  if (!first) {
    throw new NoMatchError(`no image matches ${said}`, { hint: 'check the name, the project and the region' })
  }
  if (images.length === 1) return first
  const candidates = images.map(({ id, name }) => ({ id, name }))
  const shown = candidates.slice(0, 10).map(({ id, name }) => `${id} (${name ?? 'no name'})`)
  const rest = candidates.length > shown.length ? ` and ${candidates.length - shown.length} more` : ''
  throw new NoUniqueMatch(`${candidates.length} images match ${said}: ${shown.join(', ')}${rest}`, candidates)
}

/**
 * All images with this id, name or set of attributes.
 * @throws UsageError before anything is sent, for an attribute that images do not have or that has another type
 */
export async function findImages(
  context: ImageContext,
  wanted: string | ImageAttributes,
  options: FindOptions = {},
): Promise<Image[]> {
  checkWanted(wanted)
  if (typeof wanted === 'string') return findByText(context, wanted, options)
  const filters = serverFilters(wanted)
  const images = await listImages(context, { limit: maxPageSize, ...filters, signal: options.signal }).toArray()
  return images.filter((image) => hasAttributes(image, wanted))
}

/** @throws UsageError */
function checkWanted(wanted: string | ImageAttributes): void {
  if (wanted === '') throw new UsageError('an empty name finds no image: give an id or a name')
  if (typeof wanted === 'string') return
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    throw new UsageError(`images are not found by ${shown(wanted)}`, {
      hint: "give an id, a name or attributes, for example { name: 'debian' }",
    })
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (value === undefined) continue
    if (name === 'tags' && !isListOfText(value)) {
      throw new UsageError('tags to find images by must be a list of strings', { hint: "for example tags: ['lts']" })
    }
    if (name === 'properties' && !(typeof value === 'object' && value && isListOfText(Object.values(value)))) {
      throw new UsageError('properties to find images by must be an object of strings', {
        hint: "for example properties: { os_distro: 'debian' }",
      })
    }
    if (name !== 'tags' && name !== 'properties' && !isComparable(name, value)) {
      throw new UsageError(`images cannot be found by ${name}${imageFieldByName(name) ? ' of that type' : ''}`, {
        hint: `find by a custom property with properties: { ${JSON.stringify(name)}: … }`,
      })
    }
  }
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function isComparable(name: string, value: unknown): boolean {
  const types: Readonly<Record<string, string>> = { string: 'string', integer: 'number', boolean: 'boolean' }
  const type = types[imageFieldByName(name)?.type ?? '']
  return type !== undefined && (value === null || typeof value === type)
}

function serverFilters(wanted: ImageAttributes): ImageListParams {
  const filters: Record<string, unknown> = { visibility: 'all' }
  for (const name of sentNames) if (typeof wanted[name] === 'string') filters[name] = wanted[name]
  for (const name of ['protected', 'osHidden'] as const) if (wanted[name] !== undefined) filters[name] = wanted[name]
  if (wanted.tags) filters['tag'] = wanted.tags
  return filters
}
const sentNames = [
  'name',
  'id',
  'status',
  'visibility',
  'owner',
  'diskFormat',
  'containerFormat',
  'checksum',
  'osHashValue',
] as const

function hasAttributes(image: Image, wanted: ImageAttributes): boolean {
  return Object.entries(wanted).every(([name, value]) => {
    if (value === undefined) return true
    if (name === 'tags') return (value as readonly string[]).every((tag) => image.tags.includes(tag))
    if (name === 'properties') {
      return Object.entries(value as Record<string, string>).every(([key, one]) => image.properties[key] === one)
    }
    return image[name as keyof Image] === value
  })
}
