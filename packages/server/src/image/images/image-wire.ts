import type { ImageFieldRow } from '@tyrax/protocol'
import type { ImageConfig } from '../../config/cloud-config.js'
import type { LocationUrls } from '../locations/location.js'
import { storedFields, type ImageRecord } from './image-record.js'
import { wireTime } from './wire-time.js'

/**
 * An image as Glance returns it, as JSON text (glance/api/v2/images.py `ResponseSerializer._format_image`). Written
 * field by field, because building and serialising an object takes five times as long, and lists are long.
 */
export interface ImageWire {
  readonly renderImage: (image: ImageRecord) => string
  /** A page of images and its links. */
  readonly renderImagePage: (images: readonly ImageRecord[], links: PageLinks) => string
}

interface PageLinks {
  readonly first: string
  readonly next?: string
}

interface ImageWireParts {
  readonly config: Pick<ImageConfig, 'showMultipleLocations' | 'showDirectUrl'>
  readonly locationUrls: LocationUrls
}

export function createImageWire({ config, locationUrls }: ImageWireParts): ImageWire {
  // Records are immutable, so their text can be cached; lists return the same records again and again.
  const texts = new WeakMap<ImageRecord, string>()
  const shown = [...writers]
  if (config.showMultipleLocations) {
    shown.push(({ locations }) => `,"locations":${JSON.stringify(locations.map(locationUrls.show))}`)
  }
  if (config.showDirectUrl) {
    shown.push(({ locations: [first] }) => (first ? `,"direct_url":${json(locationUrls.urlOf(first))}` : ''))
  }
  const renderImage = (image: ImageRecord): string => {
    const known = texts.get(image)
    if (known !== undefined) return known
    let text = `{${renderProperties(image.properties)}"tags":${JSON.stringify(image.tags)}`
    for (const write of shown) text += write(image)
    text += '}'
    texts.set(image, text)
    return text
  }
  // So can the text of pages, which lists return again and again until an image is changed.
  const pages = new WeakMap<readonly ImageRecord[], string>()
  const renderImages = (images: readonly ImageRecord[]): string => {
    const known = pages.get(images)
    if (known !== undefined) return known
    const text = images.map(renderImage).join(',')
    pages.set(images, text)
    return text
  }
  return {
    renderImage,
    renderImagePage(images, links) {
      const next = links.next === undefined ? '' : `,"next":${json(links.next)}`
      return `{"images":[${renderImages(images)}],"schema":"/v2/schemas/images","first":${json(links.first)}${next}}`
    },
  }
}

/** The fields that are computed from the stored ones; undefined is left out. */
const computed: Readonly<Record<ComputedField['wire'], (image: ImageRecord) => string | undefined>> = {
  self: (image) => `/v2/images/${image.id}`,
  file: (image) => `/v2/images/${image.id}/file`,
  schema: () => '/v2/schemas/image',
  stores: (image) => image.locations.flatMap((location) => location.store ?? []).join(',') || undefined,
}
type ComputedField = Exclude<Extract<ImageFieldRow, { readonly computed: true }>, { readonly wire: 'direct_url' }>

/** One writer per field, which returns the field's part of the text. */
const writers: readonly ((image: ImageRecord) => string)[] = [
  ...storedFields.map(({ wire, type }) => {
    const start = `,"${wire}":`
    if (type === 'date') return (image: ImageRecord) => `${start}"${wireTime(image[wire])}"`
    if (type === 'string') return (image: ImageRecord) => start + json(image[wire])
    return (image: ImageRecord) => start + String(image[wire])
  }),
  ...Object.entries(computed).map(([wire, valueOf]) => (image: ImageRecord) => {
    const value = valueOf(image)
    return value === undefined ? '' : `,"${wire}":${json(value)}`
  }),
]

function renderProperties(properties: Readonly<Record<string, string>>): string {
  let text = ''
  for (const [name, value] of Object.entries(properties)) text += `${JSON.stringify(name)}:${JSON.stringify(value)},`
  return text
}

function json(value: string | null): string {
  if (value === null) return 'null'
  // Most values are ids, digests, formats and paths, which need no escaping.
  return /^[\w/-]*$/.test(value) ? `"${value}"` : JSON.stringify(value)
}
