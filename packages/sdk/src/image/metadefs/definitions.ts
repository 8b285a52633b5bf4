import type {
  MetadefNamespaceSortKey,
  MetadefPropertyType,
  MetadefVisibility,
  WireMetadefNamespace,
  WireMetadefProperty,
} from '@tyrax/protocol'
import type { CallOptions } from '../../service/call-options.js'

/** What a property may be, as JSON Schema with Glance's own names; its name is the key or the argument next to it. */
export interface MetadefProperty extends Readonly<Omit<WireMetadefProperty, 'name' | 'enum' | 'operators' | 'items'>> {
  /** The values that it may have. */
  readonly enum?: readonly string[]
  /** How schedulers may compare, such as `<in>`. */
  readonly operators?: readonly string[]
  /** What a list holds. */
  readonly items?: { readonly type: MetadefPropertyType; readonly enum?: readonly string[] }
}

/** Changes of a property: null removes a part of its schema. */
export type MetadefPropertyUpdate = {
  readonly [Key in keyof MetadefProperty]?: MetadefProperty[Key] | null | undefined
} & {
  /** A new name. */
  readonly name?: string | undefined
}

/** A group of properties that belong together. */
export interface MetadefObject {
  readonly name: string
  readonly description: string | null
  /** The names of the properties that must be set. */
  readonly required: readonly string[]
  readonly properties: Readonly<Record<string, MetadefProperty>>
  readonly createdAt: Date | null
  readonly updatedAt: Date | null
}

/** What a new object is made of. */
export interface MetadefObjectParams {
  readonly name: string
  readonly description?: string | undefined
  readonly required?: readonly string[] | undefined
  readonly properties?: Readonly<Record<string, MetadefProperty>> | undefined
}

/** Changes of an object; `properties` and `required` are replaced as a whole. */
export type MetadefObjectUpdate = Partial<MetadefObjectParams>

/** A word that can be put on a resource. */
export interface MetadefTag {
  readonly name: string
  readonly createdAt: Date | null
  readonly updatedAt: Date | null
}

/** That the properties of a namespace are meant for a type of resource, and with which prefix. */
export interface MetadefAssociation {
  /** The type of resource, such as `OS::Glance::Image`. */
  readonly name: string
  /** What the names of the properties begin with on such a resource, such as `hw_`. */
  readonly prefix?: string | undefined
  /** Where the properties go if the resource has several places, such as `image` of a volume. */
  readonly propertiesTarget?: string | undefined
}

/** A namespace of metadata definitions. */
export interface MetadefNamespace {
  readonly namespace: string
  readonly displayName: string | null
  readonly description: string | null
  readonly visibility: MetadefVisibility | (string & {})
  /** Cannot be deleted while true, nor can what is in it. */
  readonly protected: boolean
  readonly owner: string | null
  readonly createdAt: Date | null
  readonly updatedAt: Date | null
  readonly resourceTypes: readonly MetadefAssociation[]
  /** Empty in lists. */
  readonly properties: Readonly<Record<string, MetadefProperty>>
  /** Empty in lists. */
  readonly objects: readonly MetadefObject[]
  /** Empty in lists. */
  readonly tags: readonly string[]
}

/** What a new namespace is made of. */
export interface MetadefNamespaceParams {
  readonly namespace: string
  readonly displayName?: string | undefined
  readonly description?: string | undefined
  /** @default 'private', by the server */
  readonly visibility?: MetadefVisibility | undefined
  /** @default false, by the server */
  readonly protected?: boolean | undefined
  /** A project's id. @default the calling project */
  readonly owner?: string | undefined
  readonly resourceTypes?: readonly MetadefAssociation[] | undefined
  readonly properties?: Readonly<Record<string, MetadefProperty>> | undefined
  readonly objects?: readonly MetadefObjectParams[] | undefined
  readonly tags?: readonly string[] | undefined
}

/** Changes of a namespace itself; null removes a text. */
export interface MetadefNamespaceUpdate {
  /** A new name. */
  readonly namespace?: string | undefined
  readonly displayName?: string | null | undefined
  readonly description?: string | null | undefined
  readonly visibility?: MetadefVisibility | undefined
  readonly protected?: boolean | undefined
  readonly owner?: string | undefined
}

/** Which namespaces to list, in which order. */
export interface MetadefNamespaceListParams extends CallOptions {
  readonly visibility?: MetadefVisibility | undefined
  /** Only namespaces that are meant for one of these types of resource. */
  readonly resourceTypes?: readonly string[] | undefined
  /** The size of a page. @default the server's */
  readonly limit?: number | undefined
  /** The name of the namespace to list after. */
  readonly marker?: string | undefined
  /** @default 'created_at' */
  readonly sortKey?: MetadefNamespaceSortKey | undefined
  /** @default 'desc' */
  readonly sortDir?: 'asc' | 'desc' | undefined
}

/** Names of properties as they are on a type of resource, with the prefix of its association. */
export interface ForResourceType extends CallOptions {
  /** Such as `OS::Glance::Image`. @default without a prefix */
  readonly resourceType?: string | undefined
}

/** A whole namespace in the shape of the files that come with Glance (etc/metadefs/*.json). */
export type MetadefNamespaceFile = WireMetadefNamespace

/** What `images.metadefs.importNamespace` takes. */
export interface MetadefImportOptions extends CallOptions {
  /** Change the namespace if there is one of the same name. @default false: that is a ConflictError */
  readonly replace?: boolean | undefined
}
