import { expect, test } from 'vitest'
import { typeOfColumn } from '../output/column-types.js'
import { makeHome } from '../testing/home.js'
import { run } from '../testing/in-process.js'
import { complaintsAbout } from '../testing/json-schema.js'
import { commandEntries } from './index.js'

// That the output of every command is as its schema says: output/columns.test.ts.

const home = await makeHome()
const tyrax = (line: string) => run(home, line.split(' '))
const printed = async (line: string) => JSON.parse((await tyrax(line)).stdout) as Record<string, unknown>

test('one document has the schemas of all commands that print records, of errors and of messages', async () => {
  const { $id, $schema, $defs } = await printed('schema output')
  expect({ $id, $schema }).toEqual({
    $id: 'urn:tyrax:output:1',
    $schema: 'https://json-schema.org/draft/2020-12/schema',
  })
  const commands = await Promise.all(
    commandEntries.map(async ({ path, load }) => ({ name: path.join(' '), columns: (await load()).columns })),
  )
  const printing = commands.filter(({ columns }) => columns.names.length > 0).map(({ name }) => name)
  expect(Object.keys($defs ?? {})).toEqual([...printing, 'error', 'message'])
  expect(await printed('schema --output-format')).toEqual(await printed('schema output'))
})

test('the schema of a command has the types of its columns', async () => {
  expect(await printed('schema output tag list')).toEqual({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:tyrax:output:1:tag-list',
    title: 'tyrax tag list -f json',
    description: expect.stringContaining('List the tags of an image'),
    type: 'array',
    items: { type: 'object', properties: { name: { type: ['string', 'null'] } } },
  })
  const { required, properties } = await printed('schema --output-format show')
  expect(required).toEqual(expect.arrayContaining(['id', 'status', 'properties']))
  expect(properties).toMatchObject({
    size: { type: ['integer', 'null'] },
    created_at: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { type: 'string' } },
    properties: { type: 'object', additionalProperties: { type: 'string' } },
  })
})

test('every column of every command has a type: add it to output/column-types.ts or to its columns', async () => {
  const untyped: string[] = []
  for (const { path, load } of commandEntries) {
    const { columns } = await load()
    const missing = columns.names.filter((name) => typeOfColumn(columns, name) === undefined)
    untyped.push(...missing.map((name) => `${path.join(' ')}: ${name}`))
  }
  expect(untyped).toEqual([])
})

test.each(['list -f json --limit x', 'lst -f json', 'show x -f json --os-cloud nosuch', 'inspect nosuch -f json'])(
  'the error of %s is as the schema says',
  async (line) => {
    const error = JSON.parse((await tyrax(line)).stderr) as unknown
    expect(complaintsAbout(error, await printed('schema output error'))).toEqual([])
    expect(complaintsAbout({ error: { code: 'odd' } }, await printed('schema output error'))).not.toEqual([])
  },
)

test('words that name nothing are refused', async () => {
  expect(await tyrax('schema output lisst')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('did you mean list?'),
  })
  expect(await tyrax('schema output object rm')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('no records'),
  })
})
