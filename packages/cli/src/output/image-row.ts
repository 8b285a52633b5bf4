import { imageFields } from '@tyrax/protocol'
import type { Image } from '@tyrax/sdk'
import type { Row } from './result.js'

/** What `tyrax list` shows of an image in a table. */
export const imageColumns = ['id', 'name', 'status', 'size', 'disk_format', 'visibility'] as const

/** An image under Glance's own names, custom properties nested. Fields that the server did not send are left out. */
export function imageRow(image: Image): Row {
  const row: Record<string, unknown> = {}
  for (const { wire, name } of imageFields) {
    const value = (image as unknown as Readonly<Record<string, unknown>>)[name]
    if (value !== undefined) row[wire] = value instanceof Date ? wireTime(value) : value
  }
  row['properties'] = image.properties
  return row
}

/** Glance's spelling of a time: UTC, whole seconds. */
export function wireTime(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z')
}
