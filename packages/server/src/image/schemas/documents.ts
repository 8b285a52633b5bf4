import { type FieldSchema, type FieldSchemas, imageIdPattern } from '../images/fields/field-schemas.js'
import { memberStatuses } from '@tyrax/protocol'
import { pagedDocument, unpagedDocument } from './list-documents.js'

/** The task document's properties (glance/api/v2/tasks.py). */
const taskProperties: Readonly<Record<string, object>> = {
  id: { description: 'An identifier for the task', pattern: imageIdPattern, type: 'string' },
  type: {
    description: 'The type of task represented by this content',
    enum: ['import', 'api_image_import', 'location_import'],
    type: 'string',
  },
  status: {
    description: 'The current status of this task',
    enum: ['pending', 'processing', 'success', 'failure'],
    type: 'string',
  },
  input: { description: 'The parameters required by task, JSON blob', type: ['null', 'object'] },
  result: { description: 'The result of current task, JSON blob', type: ['null', 'object'] },
  owner: { description: 'An identifier for the owner of this task', type: 'string' },
  message: {
    description: 'Human-readable informative message only included when appropriate (usually on failure)',
    type: 'string',
  },
  image_id: { description: 'Image associated with the task', type: 'string' },
  request_id: { description: 'Human-readable informative request-id', type: 'string' },
  user_id: { description: 'User associated with the task', type: 'string' },
  expires_at: {
    description: 'Datetime when this resource would be subject to removal',
    type: ['null', 'string'],
  },
  created_at: { description: 'Datetime when this resource was created', type: 'string' },
  updated_at: { description: 'Datetime when this resource was updated', type: 'string' },
  self: { readOnly: true, type: 'string' },
  schema: { readOnly: true, type: 'string' },
}

/** The image member document's properties (glance/api/v2/image_members.py). */
const memberProperties: Readonly<Record<string, object>> = {
  member_id: { type: 'string', description: 'An identifier for the image member (tenantId)' },
  image_id: { type: 'string', description: 'An identifier for the image', pattern: imageIdPattern },
  created_at: { type: 'string', description: 'Date and time of image member creation' },
  updated_at: { type: 'string', description: 'Date and time of last modification of image member' },
  status: { type: 'string', description: 'The status of this image member', enum: [...memberStatuses] },
  schema: { readOnly: true, type: 'string' },
}

/** The schema document of one item (glance/schema.py `Schema.minimal`). */
const itemDocument = (name: string, properties: Readonly<Record<string, object>>) => ({ name, properties })

/**
 * The properties that a stock Glance's `schema-image.json` describes in addition to the base fields; all are strings.
 */
const customProperties: Readonly<Record<string, FieldSchema>> = {
  kernel_id: {
    type: ['null', 'string'],
    description: 'ID of image stored in Glance that should be used as the kernel when booting an AMI-style image.',
    is_base: false,
  },
  ramdisk_id: {
    type: ['null', 'string'],
    description: 'ID of image stored in Glance that should be used as the ramdisk when booting an AMI-style image.',
    is_base: false,
  },
  instance_uuid: {
    type: 'string',
    description: 'Metadata which can be used to record which instance this image is associated with.',
    is_base: false,
  },
  architecture: { type: 'string', description: 'Operating system architecture.', is_base: false },
  os_distro: { type: 'string', description: 'Common name of operating system distribution.', is_base: false },
  os_version: { type: 'string', description: 'Operating system version as given by the distributor.', is_base: false },
}

const imageDocument = (fieldSchemas: FieldSchemas) => ({
  name: 'image',
  properties: { ...customProperties, ...fieldSchemas },
  additionalProperties: { type: 'string' },
  links: [
    { rel: 'self', href: '{self}' },
    { rel: 'enclosure', href: '{file}' },
    { rel: 'describedby', href: '{schema}' },
  ],
})
const memberDocument = itemDocument('member', memberProperties)
const taskDocument = itemDocument('task', taskProperties)
const { input: _input, result: _result, message: _message, ...listedTaskProperties } = taskProperties

/** The documents that `GET /v2/schemas/{name}` returns, by name (glance/api/v2/schemas.py). */
export function schemaDocuments(fieldSchemas: FieldSchemas): Readonly<Record<string, object>> {
  const image = imageDocument(fieldSchemas)
  return {
    image,
    images: pagedDocument('images', image),
    member: memberDocument,
    members: unpagedDocument('members', memberDocument),
    task: taskDocument,
    tasks: unpagedDocument('tasks', itemDocument('task', listedTaskProperties)),
  }
}
