import { UsageError } from '@tyrax/sdk'
import { type Command, type CommandEntry, defineCommand } from '../command/define-command.js'
import { outputSchema, schemaDocument } from '../command/output-schema.js'
import { errorSchema, messageSchema } from '../failure/error-schema.js'
import { nearest } from '../nearest.js'
import { noColumns } from '../output/columns.js'
import { text } from '../output/result.js'
import { jsonText } from '../output/visible.js'

/** Prints the schemas of these commands, of which it is one. */
export const schemaOutput = (entries: readonly CommandEntry[]): Command =>
  defineCommand({
    summary: 'Print the JSON schema of what commands print with -f json',
    description:
      'Prints a JSON Schema (draft 2020-12) of what a command prints with -f json, or `error` for what it prints on stderr\n' +
      'when it fails; without words, of all of them, under $defs. The number in its $id is the version: new columns do not\n' +
      'change it, removed ones do. `tyrax schema --output-format` is the same.',
    examples: [
      { run: 'tyrax schema output list', does: 'what tyrax list -f json prints' },
      { run: 'tyrax schema output share add', does: 'a command in a group' },
      { run: 'tyrax schema output error', does: 'what -f json prints on stderr when a command fails' },
      { run: 'tyrax schema output > tyrax.schema.json', does: 'all of them' },
    ],
    args: { words: ['[words...]', 'words of a command, or error'] },
    options: {},
    columns: noColumns,
    isLocal: true,
    async run(_, { args }) {
      const name = args.words.join(' ')
      const schemas = await allSchemas(entries)
      if (name === '') {
        const all = { title: 'What tyrax prints with -f json', $defs: Object.fromEntries(schemas) }
        return text(`${jsonText(schemaDocument('', all), 2)}\n`)
      }
      const schema = schemas.get(name)
      if (!schema) throw unknown(name, [...schemas.keys()])
      return text(`${jsonText(schemaDocument(name.replaceAll(' ', '-'), schema), 2)}\n`)
    },
  })

async function allSchemas(
  entries: readonly CommandEntry[],
): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const commands = await Promise.all(
    entries.map(async ({ path, load }) => [path.join(' '), outputSchema(path, await load())] as const),
  )
  const printing = commands.flatMap(([name, schema]) => (schema ? [[name, schema] as const] : []))
  return new Map<string, Readonly<Record<string, unknown>>>([
    ...printing,
    ['error', errorSchema],
    ['message', messageSchema],
  ])
}

function unknown(name: string, known: readonly string[]): UsageError {
  const meant = nearest(name, known)
  return new UsageError(`tyrax ${name} prints no records, or is no command`, {
    hint: meant === undefined ? 'tyrax schema output prints the schemas of all commands' : `did you mean ${meant}?`,
  })
}
