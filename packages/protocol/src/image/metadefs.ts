/** Who sees a namespace: everyone, or the project that owns it. The server's default is `private`. */
export const metadefVisibilities = ['public', 'private'] as const
/** Who sees a namespace of metadata definitions. */
export type MetadefVisibility = (typeof metadefVisibilities)[number]

/** The types of a defined property (glance/api/v2/metadef_namespaces.py `get_schema_definitions`). */
export const metadefPropertyTypes = ['array', 'boolean', 'integer', 'number', 'object', 'string'] as const
/** What the values of a defined property are. */
export type MetadefPropertyType = (typeof metadefPropertyTypes)[number]

/** The most characters of names and texts (glance/api/v2/metadef_namespaces.py `_get_base_properties`). */
export const metadefLimits = {
  nameLength: 80,
  displayNameLength: 80,
  descriptionLength: 500,
  ownerLength: 255,
  prefixLength: 80,
} as const

/** What namespaces can be sorted by: the columns of their table (glance/db/sqlalchemy/models_metadef.py). */
export const metadefNamespaceSortKeys = [
  'namespace',
  'display_name',
  'description',
  'visibility',
  'protected',
  'owner',
  'created_at',
  'updated_at',
  'id',
] as const
/** What a list of namespaces can be sorted by. */
export type MetadefNamespaceSortKey = (typeof metadefNamespaceSortKeys)[number]

/** What the tags of a namespace can be sorted by. */
export const metadefTagSortKeys = ['name', 'created_at', 'updated_at', 'id'] as const
/** What a list of tags can be sorted by. */
export type MetadefTagSortKey = (typeof metadefTagSortKeys)[number]

/** With the value `True`, `POST …/tags` adds to the tags of a namespace instead of replacing all of them. */
export const metadefAppendHeader = 'X-OpenStack-Append'

/** What a property may be (glance/api/v2/model/metadef_property_type.py). In a map its name is the key. */
export interface WireMetadefProperty {
  name?: string
  type: MetadefPropertyType
  title: string
  description?: string
  /** How schedulers may compare, e.g. `<in>`. */
  operators?: string[]
  /** Always text, for every type; null when it was sent as a list or an object. */
  default?: string | null
  readonly?: boolean
  /** A whole number: Glance drops the fraction. */
  minimum?: number
  maximum?: number
  enum?: string[]
  pattern?: string
  minLength?: number
  maxLength?: number
  confidential?: boolean
  /** What a list holds. */
  items?: { type: MetadefPropertyType; enum?: string[] }
  uniqueItems?: boolean
  minItems?: number
  maxItems?: number
  additionalItems?: boolean
}

/** A group of properties that belong together. */
export interface WireMetadefObject {
  name: string
  description?: string
  /** The names of the properties that must be set. */
  required?: string[]
  properties?: Record<string, WireMetadefProperty>
  created_at?: string
  updated_at?: string
  self?: string
  schema?: string
}

/** A word that can be put on a resource. Lists hold only the names. */
export interface WireMetadefTag {
  name: string
  created_at?: string
  updated_at?: string
}

/** That the properties of a namespace are meant for a type of resource, and with which prefix. */
export interface WireMetadefAssociation {
  name: string
  /** What the names of the properties begin with on such a resource, separator included. */
  prefix?: string
  /** Where the properties go if the resource has several places, e.g. `image` of a volume. */
  properties_target?: string
  created_at?: string
  updated_at?: string
}

/** A type of resource that metadata definitions are known for. */
export interface WireMetadefResourceType {
  name: string
  created_at?: string
  updated_at?: string
}

/** A namespace. Lists leave out its properties, objects and tags. */
export interface WireMetadefNamespace {
  namespace: string
  display_name?: string
  description?: string
  visibility?: MetadefVisibility
  protected?: boolean
  owner?: string
  resource_type_associations?: WireMetadefAssociation[]
  properties?: Record<string, WireMetadefProperty>
  objects?: WireMetadefObject[]
  tags?: WireMetadefTag[]
  created_at?: string
  updated_at?: string
  self?: string
  schema?: string
}
