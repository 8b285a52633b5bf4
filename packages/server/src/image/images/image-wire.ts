import type { ImageRecord } from './image-record.js'
import { wireTime } from './wire-time.js'

/**
 * An image as Glance answers it, as JSON text (glance/api/v2/images.py `ResponseSerializer._format_image`). Written out
 * key by key, because building an object of them and serialising that takes five times as long, and lists are long.
 */
export function renderImage(image: ImageRecord): string {
  const known = texts.get(image)
  if (known !== undefined) return known
  const text = render(image)
  texts.set(image, text)
  return text
}

/** A record never changes, so neither does its text; lists have the same records again and again. */
const texts = new WeakMap<ImageRecord, string>()

function render(image: ImageRecord): string {
  const self = `/v2/images/${image.id}`
  const stores = image.locations.flatMap((location) => location.store ?? [])
  return `{${renderProperties(image.properties)}"name":${json(image.name)},"disk_format":${json(image.disk_format)},\
"container_format":${json(image.container_format)},"visibility":"${image.visibility}","size":${image.size},\
"virtual_size":${image.virtual_size},"status":"${image.status}","checksum":${json(image.checksum)},\
"protected":${image.protected},"min_ram":${image.min_ram},"min_disk":${image.min_disk},"owner":${json(image.owner)},\
"os_hidden":${image.os_hidden},"os_hash_algo":${json(image.os_hash_algo)},"os_hash_value":${json(image.os_hash_value)},\
"id":"${image.id}","created_at":"${wireTime(image.created_at)}","updated_at":"${wireTime(image.updated_at)}",\
"tags":${JSON.stringify(image.tags)},"self":"${self}","file":"${self}/file","schema":"/v2/schemas/image"\
${stores.length > 0 ? `,"stores":${json(stores.join(','))}` : ''}}`
}

/** A page of images and its links. */
export function renderImagePage(
  images: readonly ImageRecord[],
  links: { readonly first: string; readonly next?: string },
): string {
  const next = links.next === undefined ? '' : `,"next":${json(links.next)}`
  return `{"images":[${images.map(renderImage).join(',')}],"schema":"/v2/schemas/images","first":${json(links.first)}${next}}`
}

function renderProperties(properties: Readonly<Record<string, string>>): string {
  let text = ''
  for (const [name, value] of Object.entries(properties)) text += `${JSON.stringify(name)}:${JSON.stringify(value)},`
  return text
}

function json(value: string | null): string {
  return value === null ? 'null' : JSON.stringify(value)
}
