import type { KnownImageStatus, Visibility } from '@tyrax/protocol'
import type { ImageRecord } from './image-record.js'

/** One row of {@link imageColumns}: children come as JSON, so that an image is a single statement. */
export interface ImageRow {
  id: string
  name: string | null
  status: string
  visibility: string
  protected: number
  os_hidden: number
  checksum: string | null
  os_hash_algo: string | null
  os_hash_value: string | null
  owner: string | null
  size: number | null
  virtual_size: number | null
  container_format: string | null
  disk_format: string | null
  min_disk: number
  min_ram: number
  created_at: number
  updated_at: number
  tags_json: string
  properties_json: string
  locations_json: string
}

/** The columns of `images`, aliased `i`, and its children: what {@link toImageRecord} reads. */
export const imageColumns = `
  i.id, i.name, i.status, i.visibility, i.protected, i.os_hidden, i.checksum, i.os_hash_algo, i.os_hash_value, i.owner,
  i.size, i.virtual_size, i.container_format, i.disk_format, i.min_disk, i.min_ram, i.created_at, i.updated_at,
  (SELECT json_group_array(t.value) FROM image_tags t WHERE t.image_id = i.id) AS tags_json,
  (SELECT json_group_object(p.name, p.value) FROM image_properties p WHERE p.image_id = i.id) AS properties_json,
  (SELECT json_group_array(json_array(l.store, l.blob_key)) FROM image_locations l WHERE l.image_id = i.id)
    AS locations_json`

/** The record of a row of {@link imageColumns}. */
export function toImageRecord(row: ImageRow): ImageRecord {
  return {
    id: row.id,
    name: row.name,
    status: row.status as KnownImageStatus,
    visibility: row.visibility as Visibility,
    protected: row.protected === 1,
    os_hidden: row.os_hidden === 1,
    checksum: row.checksum,
    os_hash_algo: row.os_hash_algo,
    os_hash_value: row.os_hash_value,
    owner: row.owner,
    size: row.size,
    virtual_size: row.virtual_size,
    container_format: row.container_format,
    disk_format: row.disk_format,
    min_disk: row.min_disk,
    min_ram: row.min_ram,
    created_at: row.created_at,
    updated_at: row.updated_at,
    tags: JSON.parse(row.tags_json) as string[],
    properties: JSON.parse(row.properties_json) as Record<string, string>,
    locations: (JSON.parse(row.locations_json) as [string | null, string][]).map(([store, blobKey]) => ({
      store,
      blobKey,
    })),
  }
}
