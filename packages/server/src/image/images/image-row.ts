import type { FieldValues } from '@tyrax/protocol'
import { storedFields, type ImageLocation, type ImageRecord, type StoredField } from './image-record.js'

interface ColumnTypes {
  string: string
  integer: number
  /** 0 or 1. */
  boolean: number
  date: number
  strings: never
  list: never
}

/** One row of {@link imageColumns}. Children are JSON columns, so that one statement reads an image. */
export interface ImageRow extends FieldValues<StoredField, 'wire', ColumnTypes> {
  tags: string
  properties: string
  locations: string
}

/** The columns of `images`, aliased `i`, and its children: what {@link toImageRecord} reads. */
export const imageColumns = `
  ${storedFields.map(({ wire }) => `i.${wire}`).join(', ')},
  (SELECT json_group_array(t.value) FROM image_tags t WHERE t.image_id = i.id) AS tags,
  (SELECT json_group_object(p.name, p.value) FROM image_properties p WHERE p.image_id = i.id) AS properties,
  (SELECT json_group_array(json_array(l.store, l.blob_key, l.url, json(l.metadata))) FROM image_locations l
    WHERE l.image_id = i.id) AS locations`

const booleanFields = storedFields.filter((field) => field.type === 'boolean')

/** Turns a row of {@link imageColumns} into a record in place: a copy would take as long as reading the row did. */
export function toImageRecord(row: ImageRow): ImageRecord {
  const record: Record<keyof ImageRecord, unknown> = row
  record.tags = JSON.parse(row.tags)
  record.properties = JSON.parse(row.properties)
  record.locations = (JSON.parse(row.locations) as LocationRow[]).map(toLocation)
  for (const { wire } of booleanFields) record[wire] = row[wire] === 1
  return record as ImageRecord
}

type LocationRow = [store: string | null, blobKey: string, url: string | null, metadata: Record<string, unknown>]

function toLocation([store, blobKey, url, metadata]: LocationRow): ImageLocation {
  return {
    store,
    blobKey,
    ...(url !== null && { url }),
    ...(Object.keys(metadata).length > 0 && { metadata }),
  }
}

/** A record's values for these columns, in the database's types. */
export function columnValues(image: ImageRecord, fields: readonly StoredField[]): (string | number | null)[] {
  return fields.map(({ wire }) => {
    const value = image[wire]
    return typeof value === 'boolean' ? Number(value) : value
  })
}
