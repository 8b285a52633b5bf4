import { imageFieldSchemas, type FieldSchema } from '../images/fields/field-schemas.js'
import { memberProperties } from './member-schema.js'
import { taskProperties } from './task-schema.js'

/** The document of one item (glance/schema.py `Schema.minimal`). */
const itemDocument = (name: string, properties: Readonly<Record<string, object>>) => ({ name, properties })

/** The document of a list that is not paged (`CollectionSchema.minimal`). */
const listDocument = (name: string, item: object) => ({
  name,
  properties: { [name]: { type: 'array', items: item }, schema: { type: 'string' } },
  links: [{ rel: 'describedby', href: '{schema}' }],
})

/** The document of a paged list (`CollectionSchema.raw`). */
const pagedDocument = (name: string, item: object) => ({
  name,
  properties: {
    [name]: { type: 'array', items: item },
    first: { type: 'string' },
    next: { type: 'string' },
    schema: { type: 'string' },
  },
  links: [
    { rel: 'first', href: '{first}' },
    { rel: 'next', href: '{next}' },
    { rel: 'describedby', href: '{schema}' },
  ],
})

/** The names that a stock Glance's `schema-image.json` describes beside the base fields: all of them strings. */
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

const imageDocument = {
  name: 'image',
  properties: { ...customProperties, ...imageFieldSchemas },
  additionalProperties: { type: 'string' },
  links: [
    { rel: 'self', href: '{self}' },
    { rel: 'enclosure', href: '{file}' },
    { rel: 'describedby', href: '{schema}' },
  ],
}
const memberDocument = itemDocument('member', memberProperties)
const taskDocument = itemDocument('task', taskProperties)
const { input: _input, result: _result, message: _message, ...listedTaskProperties } = taskProperties

/** What `GET /v2/schemas/{name}` answers, by name (glance/api/v2/schemas.py). */
export const schemaDocuments: Readonly<Record<string, object>> = {
  image: imageDocument,
  images: pagedDocument('images', imageDocument),
  member: memberDocument,
  members: listDocument('members', memberDocument),
  task: taskDocument,
  tasks: listDocument('tasks', itemDocument('task', listedTaskProperties)),
}
