import { containerFormats, diskFormats, imageLimits, imageStatuses, visibilities } from '@tyrax/protocol'

/** The part of JSON Schema that Glance's image document uses. */
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

/** How an id of an image looks (glance/api/v2/images.py `get_base_properties`). */
export const imageIdPattern = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$'

/**
 * The image document's properties: what `/v2/schemas/image` publishes and what a create and a PATCH are checked
 * against (glance/api/v2/images.py `get_base_properties`).
 */
export const imageFieldSchemas: Readonly<Record<string, FieldSchema>> = {
  id: { type: 'string', description: 'An identifier for the image', pattern: imageIdPattern },
  name: { type: ['null', 'string'], description: 'Descriptive name for the image', maxLength: imageLimits.nameLength },
  status: { type: 'string', readOnly: true, description: 'Status of the image', enum: imageStatuses },
  visibility: { type: 'string', description: 'Scope of image accessibility', enum: [...visibilities].sort() },
  protected: { type: 'boolean', description: 'If true, image will not be deletable.' },
  os_hidden: { type: 'boolean', description: 'If true, image will not appear in default image list response.' },
  checksum: { type: ['null', 'string'], readOnly: true, description: 'md5 hash of image contents.', maxLength: 32 },
  os_hash_algo: {
    type: ['null', 'string'],
    readOnly: true,
    description: 'Algorithm to calculate the os_hash_value',
    maxLength: 64,
  },
  os_hash_value: {
    type: ['null', 'string'],
    readOnly: true,
    description: 'Hexdigest of the image contents using the algorithm specified by the os_hash_algo',
    maxLength: 128,
  },
  owner: { type: ['null', 'string'], description: 'Owner of the image', maxLength: 255 },
  size: { type: ['null', 'integer'], readOnly: true, description: 'Size of image file in bytes' },
  virtual_size: { type: ['null', 'integer'], readOnly: true, description: 'Virtual size of image in bytes' },
  container_format: {
    type: ['null', 'string'],
    description: 'Format of the container',
    enum: [null, ...containerFormats],
  },
  disk_format: { type: ['null', 'string'], description: 'Format of the disk', enum: [null, ...diskFormats] },
  created_at: { type: 'string', readOnly: true, description: 'Date and time of image registration' },
  updated_at: { type: 'string', readOnly: true, description: 'Date and time of the last image modification' },
  tags: {
    type: 'array',
    description: 'List of strings related to the image',
    items: { type: 'string', maxLength: imageLimits.tagLength },
  },
  direct_url: { type: 'string', readOnly: true, description: 'URL to access the image file kept in external store' },
  min_ram: { type: 'integer', description: 'Amount of ram (in MB) required to boot image.' },
  min_disk: { type: 'integer', description: 'Amount of disk space (in GB) required to boot image.' },
  self: { type: 'string', readOnly: true, description: 'An image self url' },
  file: { type: 'string', readOnly: true, description: 'An image file url' },
  stores: {
    type: 'string',
    readOnly: true,
    description: 'Stores that hold the image data, as a comma-separated list. Only where several stores are enabled.',
  },
  schema: { type: 'string', readOnly: true, description: 'An image schema url' },
  locations: {
    type: 'array',
    description: 'A set of URLs to access the image file kept in external store',
    items: {
      type: 'object',
      properties: { url: { type: 'string', maxLength: 255 }, metadata: { type: 'object' } },
      required: ['url', 'metadata'],
    },
  },
}
