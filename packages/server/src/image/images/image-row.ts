import type { FieldValues } from '@tyrax/protocol'
import { storedFields, type ImageRecord, type StoredField } from './image-record.js'

interface ColumnTypes {
  string: string
  integer: number
  /** 0 or 1. */
  boolean: number
  date: number
  strings: never
  list: never
}

/** One row of {@link imageColumns}: children come as JSON, so that an image is a single statement. */
export interface ImageRow extends FieldValues<StoredField, 'wire', ColumnTypes> {
  tags_json: string
  properties_json: string
  locations_json: string
}

/** The columns of `images`, aliased `i`, and its children: what {@link toImageRecord} reads. */
export const imageColumns = `
  ${storedFields.map(({ wire }) => `i.${wire}`).join(', ')},
  (SELECT json_group_array(t.value) FROM image_tags t WHERE t.image_id = i.id) AS tags_json,
  (SELECT json_group_object(p.name, p.value) FROM image_properties p WHERE p.image_id = i.id) AS properties_json,
  (SELECT json_group_array(json_array(l.store, l.blob_key)) FROM image_locations l WHERE l.image_id = i.id)
    AS locations_json`

/** The record of a row of {@link imageColumns}. */
export function toImageRecord(row: ImageRow): ImageRecord {
  const fields: Record<string, unknown> = {}
  for (const { wire, type } of storedFields) fields[wire] = type === 'boolean' ? row[wire] === 1 : row[wire]
  return {
    ...(fields as Pick<ImageRecord, StoredField['wire']>),
    tags: JSON.parse(row.tags_json) as string[],
    properties: JSON.parse(row.properties_json) as Record<string, string>,
    locations: (JSON.parse(row.locations_json) as [string | null, string][]).map(([store, blobKey]) => ({
      store,
      blobKey,
    })),
  }
}

/** A record's values of these columns, as the database takes them. */
export function columnValues(image: ImageRecord, fields: readonly StoredField[]): (string | number | null)[] {
  return fields.map(({ wire }) => {
    const value = image[wire]
    return typeof value === 'boolean' ? Number(value) : value
  })
}
