import type { WireImage } from '@tyrax/protocol'
import type { ImageRecord } from './image-record.js'
import { wireTime } from './wire-time.js'

/** An image as Glance answers it (glance/api/v2/images.py `ResponseSerializer._format_image`). */
export function toWireImage(image: ImageRecord): WireImage {
  const self = `/v2/images/${image.id}`
  const wire: WireImage = {
    ...image.properties,
    name: image.name,
    disk_format: image.disk_format,
    container_format: image.container_format,
    visibility: image.visibility,
    size: image.size,
    virtual_size: image.virtual_size,
    status: image.status,
    checksum: image.checksum,
    protected: image.protected,
    min_ram: image.min_ram,
    min_disk: image.min_disk,
    owner: image.owner,
    os_hidden: image.os_hidden,
    os_hash_algo: image.os_hash_algo,
    os_hash_value: image.os_hash_value,
    id: image.id,
    created_at: wireTime(image.created_at),
    updated_at: wireTime(image.updated_at),
    tags: [...image.tags],
    self,
    file: `${self}/file`,
    schema: '/v2/schemas/image',
  }
  const stores = image.locations.flatMap((location) => location.store ?? [])
  if (stores.length > 0) wire.stores = stores.join(',')
  return wire
}
