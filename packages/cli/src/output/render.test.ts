import { expect, test } from 'vitest'
import { UsageError } from '@tyrax/sdk'
import { formats, render, type Format } from './render.js'
import { item, list, type Variations } from './result.js'
import { ansiStyle, noStyle } from './style.js'

const debian = {
  id: '1',
  name: 'debian, "13"',
  status: 'active',
  size: 458752,
  tags: ['a', 'b'],
  properties: { os_distro: 'debian', 'hw:x': '' },
}
const queued = { id: '2', name: null, status: 'queued', size: null, tags: [], properties: {} }
const rows = [debian, queued]
const columns = ['id', 'name', 'status', 'size'] as const
const known = { names: ['id', 'name', 'status', 'size', 'tags', 'properties'], properties: 'read' } as const
const usual = { isCompact: false, quote: 'minimal', shellPrefix: '' } as const
const show = (
  result: Parameters<typeof render>[0],
  format: Format,
  chosen: string[] = [],
  width?: number,
  variations: Partial<Variations> = {},
) =>
  render(result, format, {
    columns: chosen,
    known,
    style: noStyle,
    width,
    isTerminal: false,
    ...usual,
    ...variations,
  })

test('a table shows the default columns, with sizes for people', async () => {
  expect(await show(list(rows, columns), 'table')).toMatchInlineSnapshot(`
    "+----+--------------+--------+---------+
    | ID | Name         | Status | Size    |
    +----+--------------+--------+---------+
    | 1  | debian, "13" | active | 448 KiB |
    | 2  |              | queued |         |
    +----+--------------+--------+---------+
    "
  `)
})

test('a table of one record shows every field, exact bytes beside the readable ones', async () => {
  expect(await show(item(debian), 'table')).toMatchInlineSnapshot(`
    "+------------+------------------+
    | Field      | Value            |
    +------------+------------------+
    | id         | 1                |
    | name       | debian, "13"     |
    | status     | active           |
    | size       | 458752 (448 KiB) |
    | tags       | a, b             |
    | properties | os_distro=debian |
    |            | hw:x=            |
    +------------+------------------+
    "
  `)
})

test('a table is cut to the width of a terminal and never without one', async () => {
  const long = [{ id: '1', name: 'x'.repeat(200) }]
  const cut = await show(list(long, ['id', 'name']), 'table', [], 60)
  expect(Math.max(...cut.split('\n').map((line) => line.length))).toBe(60)
  expect(await show(list(long, ['id', 'name']), 'table')).toContain('x'.repeat(200))
})

test('a record on a narrow terminal is wrapped: nothing of a value is lost', async () => {
  const value = Array.from({ length: 50 }, (_, index) => index % 10).join('')
  const text = await show(item({ name: value }), 'table', [], 40)
  const joined = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(1)
    .map((line) => line.split('|').at(2)?.trim())
    .join('')
  expect(joined).toBe(value)
})

test.each([
  ['wide characters', '世'],
  ['combining characters', 'a\u0301'],
  ['emoji', '👩'],
  ['blanks', ' '],
])('a value of millions of %s is drawn like any other', async (_, text) => {
  const image = { ...debian, name: text.repeat(2_000_000) }
  for (const width of [undefined, 80]) {
    for (const result of [list([image, queued], columns), item(image)]) {
      const table = await show(result, 'table', [], width)
      expect(table.length).toBeLessThan(2_000_000)
      expect(table).toContain('448 KiB')
    }
  }
})

test('a long value of one record is folded, and nothing of it is lost', async () => {
  const name = Array.from({ length: 3000 }, (_, index) => `${index}`).join('-')
  const table = await show(item({ name }), 'table')
  const lines = table.split('\n').map((line) => line.split('|')[2]?.trim() ?? '')
  expect(lines.join('')).toContain(name)
})

test('JSON is the whole record, an empty list is []', async () => {
  expect(JSON.parse(await show(list(rows, columns), 'json'))).toEqual(rows)
  expect(await show(list([], columns), 'json')).toBe('[]\n')
  expect(await show(list([], columns), 'json', ['id'])).toBe('[]\n')
  expect(JSON.parse(await show(item(queued), 'json'))).toEqual(queued)
})

test('chosen columns are found whatever their case, properties among them, in the order asked for', async () => {
  expect(JSON.parse(await show(item(debian), 'json', ['Name', 'ID', 'OS Distro', 'hw:x']))).toEqual({
    name: 'debian, "13"',
    id: '1',
    os_distro: 'debian',
    'hw:x': '',
  })
  expect(await show(list(rows, columns), 'value', ['id', 'os_distro'])).toBe('1 debian\n2 \n')
})

test('a column that nothing has is refused with the ones there are', async () => {
  const failing = show(list(rows, columns), 'json', ['nmae'])
  await expect(failing).rejects.toBeInstanceOf(UsageError)
  await expect(failing).rejects.toMatchObject({ hint: expect.stringContaining('name') })
})

test('csv quotes what needs it', async () => {
  expect(await show(list(rows, columns), 'csv')).toBe(
    'id,name,status,size\n1,"debian, ""13""",active,458752\n2,,queued,\n',
  )
})

test('value prints a record one value a line, id prints ids, jsonl a record a line', async () => {
  expect(await show(item(debian), 'value', ['id', 'status'])).toBe('1\nactive\n')
  expect(await show(list(rows, columns), 'id')).toBe('1\n2\n')
  expect(
    (await show(list(rows, columns), 'jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual(rows)
})

test('yaml has the same shape as JSON', async () => {
  const { parse } = await import('yaml')
  expect(parse(await show(list(rows, columns), 'yaml'))).toEqual(rows)
  expect(await show(list([], columns), 'yaml')).toBe('[]\n')
})

test('no format of an empty list fails', async () => {
  for (const format of formats.filter((each) => each !== 'shell')) {
    expect(typeof (await show(list([], columns), format))).toBe('string')
  }
})

test('names cannot send control characters to a terminal', async () => {
  expect(await show(list([{ id: '1', name: '\u001B[31mred' }], ['name']), 'table')).not.toContain('\u001B')
})

test('colours are in the table only when the style has them', async () => {
  const coloured = await render(list(rows, columns), 'table', {
    columns: [],
    known,
    style: ansiStyle,
    width: undefined,
    isTerminal: true,
    ...usual,
  })
  expect(coloured).toContain('\u001B[32mactive\u001B[39m')
})

test('csv quotes which cells the option says', async () => {
  const csv = (quote: Variations['quote']) => show(list([debian], ['name', 'size']), 'csv', [], undefined, { quote })
  expect(await csv('minimal')).toBe('name,size\n"debian, ""13""",458752\n')
  expect(await csv('nonnumeric')).toBe('"name","size"\n"debian, ""13""",458752\n')
  expect(await csv('all')).toBe('"name","size"\n"debian, ""13""","458752"\n')
  expect(await csv('none')).toBe('name,size\ndebian, "13",458752\n')
})
