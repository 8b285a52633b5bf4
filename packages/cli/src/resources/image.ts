import { imageFields } from '@tyrax/protocol'
import type { Image } from '@tyrax/sdk'
import { wireTime } from '../output/cells.js'
import type { Columns } from '../output/columns.js'
import type { Row } from '../output/result.js'

/** The columns of an image in the table of `tyrax list`. */
export const imageColumns = ['id', 'name', 'status', 'size', 'disk_format', 'visibility'] as const

/** Those of `tyrax list --long`. */
export const longColumns = [
  'id',
  'name',
  'disk_format',
  'container_format',
  'size',
  'checksum',
  'status',
  'visibility',
  'protected',
  'owner',
  'os_hash_algo',
  'tags',
] as const

/** All fields that an image may have; a field that it does not have is empty. */
export const imageRecord: Columns = {
  names: [...imageFields.map(({ wire }) => wire), 'properties'],
  properties: 'read',
}

/** An image that a command sent data to. */
export const sentImageRecord: Columns = {
  names: [...imageRecord.names, 'verdict', 'decompressed', 'source_checksum', 'warnings'],
  properties: 'known',
}

/**
 * An image under Glance's own names, with custom properties nested. Fields that the server did not send are left out.
 */
export function imageRow(image: Image): Row {
  const row: Record<string, unknown> = {}
  for (const { wire, name } of imageFields) {
    const value = (image as unknown as Readonly<Record<string, unknown>>)[name]
    if (value !== undefined) row[wire] = value instanceof Date ? wireTime(value) : value
  }
  row['properties'] = image.properties
  return row
}
