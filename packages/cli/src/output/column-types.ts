import { imageFields } from '@tyrax/protocol'
import type { Columns, ColumnKind, ColumnType } from './columns.js'

/** The columns that hold the same wherever they occur. The types that a command declares outweigh them. */
const common: readonly (readonly [type: ColumnType, names: string])[] = [
  [
    ['string'],
    'cloud container destination member_id namespace outcome source state status task_id unit url visibility',
  ],
  [
    ['string', 'null'],
    'auth_url backing_file content_encoding content_type data data_file declared_disk_format decompressed description ' +
      'disk_format display_name file format hash id image_id log message method name object os_hash_algo os_hash_value owner path ' +
      'pattern prefix project_id properties_target range reason region replaced request_id store title type ' +
      'user_id verdict version via',
  ],
  [['integer'], 'commands hits maxlength minlength resumed_bytes resumed_segments usage'],
  [['integer', 'null'], 'bytes limit pid size virtual_size weight'],
  [['number'], 'maximum minimum'],
  [['boolean'], 'confidential encrypted ok protected read_only readonly refused safe'],
  [['boolean', 'null'], 'background'],
  [['time'], 'last_accessed'],
  [['time', 'null'], 'created_at expires expires_at last_modified started_at updated_at'],
  [['strings'], 'omitted operators reasons required resource_types'],
  [['object'], 'definitions details endpoints error items source_checksum metadata settings store_results'],
  [['object', 'null'], 'content input result'],
  [['texts'], 'hashes'],
  [['array'], 'enum links problems resource_type_associations warnings'],
  // A number in some records, names or records in others.
  [['integer', 'array'], 'files objects segments'],
  [['object', 'array'], 'properties'],
  [['array'], 'tags'],
  [['any'], 'additionalProperties default large'],
]

const commonTypes: ReadonlyMap<string, ColumnType> = new Map(
  common.flatMap(([type, names]) => names.split(' ').map((name) => [name, type] as const)),
)

const imageTypes: ReadonlyMap<string, ColumnType> = new Map<string, ColumnType>([
  ...imageFields.map(({ wire, type, nullable }): readonly [string, ColumnType] => {
    const kind: ColumnKind = type === 'date' ? 'time' : type === 'list' ? 'array' : type
    return [wire, nullable ? [kind, 'null'] : [kind]]
  }),
  ['properties', ['texts']],
])

/** What a column of a command's records holds; undefined when it is declared nowhere. */
export function typeOfColumn(columns: Columns, name: string): ColumnType | undefined {
  return columns.types?.[name] ?? (columns.properties ? imageTypes.get(name) : undefined) ?? commonTypes.get(name)
}

/** The columns that every record has. */
export function requiredColumns(columns: Columns): readonly string[] {
  if (!columns.properties || columns.isWhole === false) return []
  return [...imageFields.filter(({ always }) => always).map(({ wire }) => wire), 'properties']
}

/** The type as JSON Schema. */
export function schemaOfType(type: ColumnType): Readonly<Record<string, unknown>> {
  if (type.includes('any')) return {}
  const kinds = type.map((kind) => jsonKinds[kind] ?? kind)
  return {
    type: kinds.length === 1 ? kinds[0] : kinds,
    ...(type.includes('time') && { format: 'date-time' }),
    ...(type.includes('strings') && { items: { type: 'string' } }),
    ...(type.includes('texts') && { additionalProperties: { type: 'string' } }),
  }
}

const jsonKinds: Readonly<Record<string, string>> = { time: 'string', strings: 'array', texts: 'object' }
