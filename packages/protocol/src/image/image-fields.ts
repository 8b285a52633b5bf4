/** One base field of an image: its name on either side, its type and who may write it. */
export interface ImageField {
  /** Glance's name, snake_case. */
  readonly wire: string
  /** The TypeScript name, camelCase. */
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean' | 'date' | 'strings' | 'list'
  /** The server may respond with null, and PATCH with null resets it. */
  readonly nullable: boolean
  /** Accepted in POST /v2/images. */
  readonly create: boolean
  /** Accepted in PATCH /v2/images/{id}; otherwise the server responds with 403. */
  readonly patch: boolean
  /** Always present in a response; the others only where the operator's configuration shows them. */
  readonly always: boolean
  /** Follows from the rest of the record, so that nothing is stored for it. */
  readonly computed: boolean
}

/**
 * The base fields of an image (glance/api/v2/images.py `get_base_properties` and `_readonly_properties`), and the one
 * place that lists them: the types of both sides, the codec, the table's columns, the schema document and the checks
 * follow from it. Every other key of an image on the wire is a custom property, and its value is a string.
 */
export const imageFields = [
  field('id', 'string', 'create'),
  field('name', 'string', 'nullable', 'create', 'patch'),
  field('status', 'string'),
  field('visibility', 'string', 'create', 'patch'),
  field('protected', 'boolean', 'create', 'patch'),
  field('os_hidden', 'boolean', 'create', 'patch'),
  field('checksum', 'string', 'nullable'),
  field('os_hash_algo', 'string', 'nullable'),
  field('os_hash_value', 'string', 'nullable'),
  field('owner', 'string', 'nullable', 'create', 'patch'),
  field('size', 'integer', 'nullable'),
  field('virtual_size', 'integer', 'nullable'),
  field('container_format', 'string', 'nullable', 'create', 'patch'),
  field('disk_format', 'string', 'nullable', 'create', 'patch'),
  field('min_disk', 'integer', 'create', 'patch'),
  field('min_ram', 'integer', 'create', 'patch'),
  field('created_at', 'date'),
  field('updated_at', 'date'),
  field('tags', 'strings', 'create', 'patch'),
  field('self', 'string', 'computed'),
  field('file', 'string', 'computed'),
  field('schema', 'string', 'computed'),
  field('stores', 'string', 'nullable', 'optional', 'computed'),
  field('direct_url', 'string', 'nullable', 'optional', 'computed'),
  field('locations', 'list', 'nullable', 'patch', 'optional'),
] as const satisfies readonly ImageField[]

/** A row of the table, with the literal types of its cells. */
export type ImageFieldRow = (typeof imageFields)[number]
/** The wire name of a base field. */
export type ImageFieldWire = ImageFieldRow['wire']

type Mark = 'nullable' | 'create' | 'patch' | 'optional' | 'computed'

interface Row<Wire extends string, Type extends ImageField['type'], Marks extends Mark> {
  readonly wire: Wire
  readonly name: CamelCase<Wire>
  readonly type: Type
  readonly nullable: Has<Marks, 'nullable'>
  readonly create: Has<Marks, 'create'>
  readonly patch: Has<Marks, 'patch'>
  readonly always: Has<Marks, 'optional'> extends true ? false : true
  readonly computed: Has<Marks, 'computed'>
}
type Has<Marks extends Mark, Wanted extends Mark> = Wanted extends Marks ? true : false
type CamelCase<Text extends string> = Text extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text

function field<Wire extends string, Type extends ImageField['type'], Marks extends Mark = never>(
  wire: Wire,
  type: Type,
  ...marks: readonly Marks[]
): Row<Wire, Type, Marks> {
  const has = (mark: Mark) => (marks as readonly Mark[]).includes(mark)
  const row: ImageField = {
    wire,
    name: wire.replaceAll(/_(.)/g, (_match, letter: string) => letter.toUpperCase()),
    type,
    nullable: has('nullable'),
    create: has('create'),
    patch: has('patch'),
    always: !has('optional'),
    computed: has('computed'),
  }
  return row as Row<Wire, Type, Marks>
}

/** The types of one side's values, by the type of the field. */
export type FieldTypes = Readonly<Record<ImageField['type'], unknown>>

/** An object with the given fields, under their names on one side of the wire. */
export type FieldValues<Field extends ImageField, Key extends 'wire' | 'name', Types extends FieldTypes> = {
  [Each in Field as Each['always'] extends true ? Each[Key] : never]: FieldValue<Each, Types>
} & { [Each in Field as Each['always'] extends true ? never : Each[Key]]?: FieldValue<Each, Types> }

type FieldValue<Field extends ImageField, Types extends FieldTypes> =
  | Types[Field['type']]
  | (Field['nullable'] extends true ? null : never)

/** The base field with this wire name, or undefined for a custom property. */
export function imageFieldByWire(wire: string): ImageField | undefined {
  return byWire.get(wire)
}
const byWire: ReadonlyMap<string, ImageField> = new Map(imageFields.map((each) => [each.wire, each]))

/** The base field with this TypeScript name. */
export function imageFieldByName(name: string): ImageField | undefined {
  return byName.get(name)
}
const byName: ReadonlyMap<string, ImageField> = new Map(imageFields.map((each) => [each.name, each]))

/** Property names that no client may set: 403 (glance/api/v2/images.py `_reserved_properties`). */
export const reservedProperties = ['location', 'deleted', 'deleted_at'] as const
/** Names with this prefix belong to Glance itself: 403 (glance/api/v2/images.py `_reserved_namespaces`). */
export const reservedPropertyPrefix = 'os_glance'

/** Whether Glance reserves this name, so that no property may have it. */
export function isReservedProperty(name: string): boolean {
  return (reservedProperties as readonly string[]).includes(name) || name.startsWith(reservedPropertyPrefix)
}

interface WireTypes {
  string: string
  integer: number
  boolean: boolean
  date: string
  strings: string[]
  list: unknown[]
}

/** An image as it is on the wire; custom properties are top-level keys with string values. */
export interface WireImage extends FieldValues<ImageFieldRow, 'wire', WireTypes> {
  [property: string]: unknown
}
