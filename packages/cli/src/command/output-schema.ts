import { requiredColumns, schemaOfType, typeOfColumn } from '../output/column-types.js'
import type { Command } from './define-command.js'

type Schema = Readonly<Record<string, unknown>>

/**
 * The version of what `-f json` prints. A new column or a new command does not change it; a column that is removed, renamed
 * or of another type does.
 */
const outputVersion = 1

const dialect = 'https://json-schema.org/draft/2020-12/schema'

/** A document of its own. */
export function schemaDocument(name: string, schema: Schema): Schema {
  return { $schema: dialect, $id: ['urn:tyrax:output', outputVersion, name].filter(Boolean).join(':'), ...schema }
}

/** What a command prints with `-f json`; undefined for one that prints no records. */
export function outputSchema(path: readonly string[], command: Command): Schema | undefined {
  const { columns, summary, prints = 'record' } = command
  if (columns.names.length === 0) return undefined
  const record = {
    type: 'object',
    properties: Object.fromEntries(
      columns.names.map((name) => [name, schemaOfType(typeOfColumn(columns, name) ?? ['any'])]),
    ),
    ...(requiredColumns(columns).length > 0 && { required: requiredColumns(columns) }),
  }
  const list = { type: 'array', items: record }
  return {
    title: `tyrax ${path.join(' ')} -f json`,
    description: `${summary}. With -c, a record has only the chosen columns, and null for one that it lacks.`,
    ...(prints === 'either' ? { oneOf: [record, list] } : prints === 'list' ? list : record),
  }
}
