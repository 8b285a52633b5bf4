/** The documents of `GET /v2/schemas/{name}` (glance/api/v2/router.py). */
export const imageSchemaNames = [
  'image',
  'images',
  'member',
  'members',
  'task',
  'tasks',
  'metadefs/namespace',
  'metadefs/namespaces',
  'metadefs/resource_type',
  'metadefs/resource_types',
  'metadefs/property',
  'metadefs/properties',
  'metadefs/object',
  'metadefs/objects',
  'metadefs/tag',
  'metadefs/tags',
] as const
/** The name of a schema document. */
export type ImageSchemaName = (typeof imageSchemaNames)[number]
