import {
  imageFields,
  imageLimits,
  imageStatuses,
  visibilities,
  type ImageField,
  type ImageFieldWire,
} from '@tyrax/protocol'
import type { ImageConfig } from '../../../config/cloud-config.js'

/** The subset of JSON Schema that Glance's image document uses. */
export interface FieldSchema {
  readonly type: string | readonly string[]
  readonly description?: string
  readonly readOnly?: true
  readonly maxLength?: number
  readonly pattern?: string
  readonly enum?: readonly (string | null)[]
  readonly items?: object
  readonly is_base?: false
}

/** What a caller declares about the bytes at a location; never in a response. */
const validationData = {
  description: 'Values to be used to populate the corresponding image properties.',
  type: 'object',
  writeOnly: true,
  additionalProperties: false,
  properties: {
    checksum: { type: 'string', minLength: 32, maxLength: 32 },
    os_hash_algo: { type: 'string', maxLength: 64 },
    os_hash_value: { type: 'string', maxLength: 128 },
  },
  required: ['os_hash_algo', 'os_hash_value'],
}

/** The pattern of image ids (glance/api/v2/images.py `get_base_properties`). */
export const imageIdPattern = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$'

/** The settings that the image document depends on. */
export type FieldSettings = Pick<ImageConfig, 'diskFormats' | 'containerFormats'>

/** The image document's properties, by wire name. */
export type FieldSchemas = Readonly<Record<string, FieldSchema>>

type Details = Readonly<Partial<Record<ImageFieldWire, Omit<FieldSchema, 'type' | 'readOnly'>>>>

/** Glance's descriptions and the limits of values, which are not in the table of fields. */
const detailsFor = ({ containerFormats, diskFormats }: FieldSettings): Details => ({
  id: { description: 'An identifier for the image', pattern: imageIdPattern },
  name: { description: 'Descriptive name for the image', maxLength: imageLimits.nameLength },
  status: { description: 'Status of the image', enum: imageStatuses },
  visibility: { description: 'Scope of image accessibility', enum: [...visibilities].sort() },
  protected: { description: 'If true, image will not be deletable.' },
  os_hidden: { description: 'If true, image will not appear in default image list response.' },
  checksum: { description: 'md5 hash of image contents.', maxLength: 32 },
  os_hash_algo: { description: 'Algorithm to calculate the os_hash_value', maxLength: 64 },
  os_hash_value: {
    description: 'Hexdigest of the image contents using the algorithm specified by the os_hash_algo',
    maxLength: 128,
  },
  owner: { description: 'Owner of the image' },
  size: { description: 'Size of image file in bytes' },
  virtual_size: { description: 'Virtual size of image in bytes' },
  container_format: { description: 'Format of the container', enum: [null, ...containerFormats] },
  disk_format: { description: 'Format of the disk', enum: [null, ...diskFormats] },
  created_at: { description: 'Date and time of image registration' },
  updated_at: { description: 'Date and time of the last image modification' },
  tags: {
    description: 'List of strings related to the image',
    items: { type: 'string', maxLength: imageLimits.tagLength },
  },
  direct_url: { description: 'URL to access the image file kept in external store' },
  min_ram: { description: 'Amount of ram (in MB) required to boot image.' },
  min_disk: { description: 'Amount of disk space (in GB) required to boot image.' },
  self: { description: 'An image self url' },
  file: { description: 'An image file url' },
  stores: {
    description: 'Stores that hold the image data, as a comma-separated list. Only where several stores are enabled.',
  },
  schema: { description: 'An image schema url' },
  locations: {
    description: 'A set of URLs to access the image file kept in external store',
    items: {
      type: 'object',
      properties: {
        url: { type: 'string', maxLength: 255 },
        metadata: { type: 'object' },
        validation_data: validationData,
      },
      required: ['url', 'metadata'],
    },
  },
})

const jsonTypes: Readonly<Record<ImageField['type'], string>> = {
  string: 'string',
  integer: 'integer',
  boolean: 'boolean',
  date: 'string',
  strings: 'array',
  list: 'array',
}

/** The default length of a column in Glance's database, in characters (glance/db/sqlalchemy/models.py). */
const columnLength = 255

function schemaOf(field: ImageField, detail: Omit<FieldSchema, 'type' | 'readOnly'> = {}): FieldSchema {
  const type = jsonTypes[field.type]
  const isWritable = field.create || field.patch
  const isBounded = detail.enum !== undefined || detail.pattern !== undefined
  return {
    // A field that is not always present is left out instead of being null.
    type: field.nullable && field.always ? ['null', type] : type,
    ...(!isWritable && { readOnly: true }),
    ...(isWritable && field.type === 'string' && !isBounded && { maxLength: columnLength }),
    ...detail,
  }
}

/**
 * The image document's properties, which `/v2/schemas/image` publishes and against which a create and a PATCH are
 * checked (glance/api/v2/images.py `get_base_properties`).
 */
export function fieldSchemasFor(settings: FieldSettings): FieldSchemas {
  const details = detailsFor(settings)
  return Object.fromEntries(imageFields.map((field) => [field.wire, schemaOf(field, details[field.wire])]))
}
