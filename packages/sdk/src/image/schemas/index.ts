export type { ImageSchemaName } from '@tyrax/protocol'
export type { ImageSchemas } from './image-schemas.js'
export type { ImageSchema, SchemaProperty } from './schema-document.js'
