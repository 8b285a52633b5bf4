/** One base field of an image: how it is called on either side, its type and who may write it. */
export interface ImageField {
  /** Glance's name, snake_case. */
  readonly wire: string
  /** The TypeScript name, camelCase. */
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date' | 'strings' | 'list'
  /** The server may answer null, and PATCH with null resets it. */
  readonly nullable: boolean
  /** Accepted in POST /v2/images. */
  readonly create: boolean
  /** Accepted in PATCH /v2/images/{id}; otherwise the server answers 403. */
  readonly patch: boolean
  /** Always present in an answer; the others only where the operator's configuration shows them. */
  readonly always: boolean
}

/**
 * The base fields of an image (glance/api/v2/images.py `get_base_properties` and `_readonly_properties`).
 * Every other key of an image on the wire is a custom property, and its value is a string.
 */
export const imageFields = [
  { wire: 'id', name: 'id', type: 'string', nullable: false, create: true, patch: false, always: true },
  { wire: 'name', name: 'name', type: 'string', nullable: true, create: true, patch: true, always: true },
  { wire: 'status', name: 'status', type: 'string', nullable: false, create: false, patch: false, always: true },
  { wire: 'visibility', name: 'visibility', type: 'string', nullable: false, create: true, patch: true, always: true },
  { wire: 'protected', name: 'protected', type: 'boolean', nullable: false, create: true, patch: true, always: true },
  { wire: 'os_hidden', name: 'osHidden', type: 'boolean', nullable: false, create: true, patch: true, always: true },
  { wire: 'checksum', name: 'checksum', type: 'string', nullable: true, create: false, patch: false, always: true },
  {
    wire: 'os_hash_algo',
    name: 'osHashAlgo',
    type: 'string',
    nullable: true,
    create: false,
    patch: false,
    always: true,
  },
  {
    wire: 'os_hash_value',
    name: 'osHashValue',
    type: 'string',
    nullable: true,
    create: false,
    patch: false,
    always: true,
  },
  { wire: 'owner', name: 'owner', type: 'string', nullable: true, create: true, patch: true, always: true },
  { wire: 'size', name: 'size', type: 'integer', nullable: true, create: false, patch: false, always: true },
  {
    wire: 'virtual_size',
    name: 'virtualSize',
    type: 'integer',
    nullable: true,
    create: false,
    patch: false,
    always: true,
  },
  {
    wire: 'container_format',
    name: 'containerFormat',
    type: 'string',
    nullable: true,
    create: true,
    patch: true,
    always: true,
  },
  { wire: 'disk_format', name: 'diskFormat', type: 'string', nullable: true, create: true, patch: true, always: true },
  { wire: 'min_disk', name: 'minDisk', type: 'integer', nullable: false, create: true, patch: true, always: true },
  { wire: 'min_ram', name: 'minRam', type: 'integer', nullable: false, create: true, patch: true, always: true },
  { wire: 'created_at', name: 'createdAt', type: 'date', nullable: false, create: false, patch: false, always: true },
  { wire: 'updated_at', name: 'updatedAt', type: 'date', nullable: false, create: false, patch: false, always: true },
  { wire: 'tags', name: 'tags', type: 'strings', nullable: false, create: true, patch: true, always: true },
  { wire: 'self', name: 'self', type: 'string', nullable: false, create: false, patch: false, always: true },
  { wire: 'file', name: 'file', type: 'string', nullable: false, create: false, patch: false, always: true },
  { wire: 'schema', name: 'schema', type: 'string', nullable: false, create: false, patch: false, always: true },
  { wire: 'stores', name: 'stores', type: 'string', nullable: true, create: false, patch: false, always: false },
  { wire: 'direct_url', name: 'directUrl', type: 'string', nullable: true, create: false, patch: false, always: false },
  { wire: 'locations', name: 'locations', type: 'list', nullable: true, create: false, patch: true, always: false },
] as const satisfies readonly ImageField[]

/** The base field with this wire name, or undefined for a custom property. */
export function imageFieldByWire(wire: string): ImageField | undefined {
  return byWire.get(wire)
}
const byWire: ReadonlyMap<string, ImageField> = new Map(imageFields.map((field) => [field.wire, field]))

/** The base field with this TypeScript name. */
export function imageFieldByName(name: string): ImageField | undefined {
  return byName.get(name)
}
const byName: ReadonlyMap<string, ImageField> = new Map(imageFields.map((field) => [field.name, field]))

/** Property names that nobody may set: 403 (glance/api/v2/images.py `_reserved_properties`). */
export const reservedProperties = ['location', 'deleted', 'deleted_at'] as const
/** Names beginning so belong to Glance itself: 403 (glance/api/v2/images.py `_reserved_namespaces`). */
export const reservedPropertyPrefix = 'os_glance'

/** Whether Glance keeps this name for itself, so that no property may be called so. */
export function isReservedProperty(name: string): boolean {
  return (reservedProperties as readonly string[]).includes(name) || name.startsWith(reservedPropertyPrefix)
}

/** An image as it is on the wire; custom properties are top-level keys with string values. */
export interface WireImage {
  id: string
  name: string | null
  status: string
  visibility: string
  protected: boolean
  os_hidden: boolean
  checksum: string | null
  os_hash_algo: string | null
  os_hash_value: string | null
  owner: string | null
  size: number | null
  virtual_size: number | null
  container_format: string | null
  disk_format: string | null
  min_disk: number
  min_ram: number
  created_at: string
  updated_at: string
  tags: string[]
  self: string
  file: string
  schema: string
  stores?: string | null
  direct_url?: string | null
  locations?: unknown[] | null
  [property: string]: unknown
}
