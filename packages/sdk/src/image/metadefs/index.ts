export type {
  MetadefNamespaceSortKey,
  MetadefPropertyType,
  MetadefVisibility,
  WireMetadefAssociation,
  WireMetadefNamespace,
  WireMetadefObject,
  WireMetadefProperty,
  WireMetadefTag,
} from '@tyrax/protocol'
export type * from './definitions.js'
export type { ImageMetadefs } from './image-metadefs.js'
export type { MetadefNamespaces } from './metadef-namespaces.js'
export type { MetadefObjects } from './metadef-objects.js'
export type { MetadefProperties } from './metadef-properties.js'
export type { MetadefResourceTypes } from './metadef-resource-types.js'
export type { MetadefTags } from './metadef-tags.js'
