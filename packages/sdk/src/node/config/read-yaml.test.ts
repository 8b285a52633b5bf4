import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readYaml, YamlError } from './read-yaml.js'

const read = async (text: string) => (await readYaml(text)).value
const written = async (text: string) => (await readYaml(text, { asWritten: true })).value

test.each([
  ['clouds:\n  a:\n    password: *hunter2\n', ':3:15'],
  ['clouds:\n  a:\n    password: !hunter2 x\n   password: hunter2', ':4:'],
  ['password: "hunter2\\q"\n', ':1:'],
  ['password: @hunter2\n', ':1:11'],
  ['password: hunter2\n\tusername: x\n', ':2:1'],
  ['password: hunter2: more\n', ':1:'],
  ["password: 'hunter2\nusername: demo\n", ':'],
  ['password: [hunter2\nusername: demo\n', ':'],
  ['password: {hunter2: ]\n', ':1:'],
  ['password: |hunter2\n  x\n', ':1:'],
  ['password: hunter2\npassword: other\n', ':2:1'],
  ['password: hunter2\n--- hunter2\n', ':2:1'],
  ['{"password": "hunter2", }}', ':1:'],
  ['%hunter2\n', ':'],
  ['password: hunter2 &a &b\n- hunter2\n', ':'],
])('%j is refused with place and reason, and not quoted', async (text, place) => {
  const error = await read(text).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(YamlError)
  const { message, stack, cause, place: at } = error as YamlError
  expect(at).toContain(place)
  expect(message).not.toBe('it cannot be read')
  expect(`${message} ${stack} ${String(cause)} ${at}`).not.toMatch(/hunter|username/)
})

test('a mapping of many keys takes as long as its length says', async () => {
  const keys = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1\n`).join('')
  expect(Object.keys((await read(keys)) as object)).toHaveLength(50_000)
  await expect(read(`${keys}k7: 1\n`)).rejects.toMatchObject({
    message: 'a key appears twice',
    place: ':50001:1',
  })
})

test.each([
  ['anchors and aliases', Array.from({ length: 10_000 }, (_, index) => `- &a${index} x\n- *a${index}\n`).join('')],
  [
    'aliases of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from(
      'bcdefghi',
      (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join()}]\n`,
    ).join('')}`,
  ],
  ['brackets', '['.repeat(100_000)],
  ['indentation', Array.from({ length: 2000 }, (_, index) => `${' '.repeat(index)}a:\n`).join('')],
  ['quotes', '"'.repeat(99_999)],
  ['errors', '- @a\n'.repeat(50_000)],
])('too many %s are refused', async (_, text) => {
  await expect(read(text)).rejects.toBeInstanceOf(YamlError)
})

test('no text ends in anything but its value or a YamlError', async () => {
  const parts = fc.constantFrom(
    'a',
    ':',
    ' ',
    '\n',
    '- ',
    '*a',
    '&a ',
    '!b ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '|',
    '>',
    '#',
    '? ',
    '<<',
    '---',
    '\t',
    ',',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(parts), async (texts) => {
      const result = await read(texts.join('')).catch((error: unknown) => error)
      expect(result instanceof Error && !(result instanceof YamlError)).toBe(false)
    }),
  )
})

const scalars =
  '0042 0123456789 12345678901234567890123 12.50 1e3 0x10 0o17 0b11 1_000 .5 +1 -0 190:20:30 .inf .NaN 2024-01-31 ' +
  '2001-12-14t21:59:43.10-05:00 yes no on OFF true False y = 1. 0.10 00 nuLL'

test.each(scalars.split(' '))('a scalar is the text that was written: %s', async (text) => {
  const block = `a: ${text}\nb: [${text}, {c: ${text}}]\n${text}: &x !!str ${text}\nd: *x # why\ne: !!int ${text}\n`
  expect(await written(block)).toEqual({
    a: text,
    b: [text, { c: text }],
    [text]: text,
    d: text,
    e: text,
  })
  expect(await written(`\uFEFFa: ${text}\r\nb: "${text}"\r\nc: '${text}'\r\n`)).toEqual({ a: text, b: text, c: text })
})

test('what is empty, ~ or null without quotes is nothing, and a text with them', async () => {
  const text =
    'a:\nb: ~\nc: null\nd: Null\ne: NULL\nf: !!null x\ng: [~, "~"]\nh: "null"\ni: \'\'\nj: !!str ~\nnull: 1\n'
  expect(await written(text)).toEqual({
    a: null,
    b: null,
    c: null,
    d: null,
    e: null,
    f: 'x',
    g: [null, '~'],
    h: 'null',
    i: '',
    j: '~',
    null: '1',
  })
})

test('mappings merge as PyYAML merges them: their own keys win, then the first of a list', async () => {
  const bases = 'x: &x {a: x, b: x, auth: &auth {user: u, password: 0042}}\ny: &y {<<: *x, b: y, c: y}\n'
  const text = `${bases}one: {a: own, <<: *y}\ntwo: {<<: [*x, *y]}\nthree: {<<: *y, <<: {d: 1}, auth: {<<: *auth, user: v}}\n`
  expect(await written(text)).toMatchObject({
    one: { a: 'own', b: 'y', c: 'y', auth: { user: 'u', password: '0042' } },
    two: { a: 'x', b: 'x', c: 'y' },
    three: { a: 'x', b: 'y', d: '1', auth: { user: 'v', password: '0042' } },
  })
  expect(await written('"<<": 1\n')).toEqual({ '<<': '1' })
  await expect(written('a: {<<: hunter2}\n')).rejects.toThrow('<< merges a mapping (*name) or a list of them')
})

test('an alias may stand in every cloud of many', async () => {
  const clouds = Array.from({ length: 400 }, (_, index) => `c${index}: {<<: *base, auth: *auth}\n`).join('')
  const read = (await written(`base: &base {region: 1}\nauth: &auth {user: 007}\n${clouds}`)) as Record<string, unknown>
  expect(read['c399']).toEqual({ region: '1', auth: { user: '007' } })
})

test('of a key that is there twice the last one counts, and the place of it is known', async () => {
  const text = 'a: {password: hunter2, user: u}\nb:\n  password: one\n  password: two\na: 3\n'
  expect(await readYaml(text, { asWritten: true })).toEqual({
    value: { a: '3', b: { password: 'two' } },
    repeated: ['a:5:1', 'password:4:3'],
  })
})

test('JSON is read too, with tabs and escapes', async () => {
  expect(await written('{\n\t"a": "\\ud83d\\ude00\\/\\u0041",\n\t"b": [1.50, true, null]\n}')).toEqual({
    a: '😀/A',
    b: ['1.50', 'true', null],
  })
})

test.each(['!hunter2 x', '!!binary aGk=', '!!python/object:os.system x', '!!set {x}', '!vault |\n  x'])(
  'a tag that is not known is refused and not quoted: %s',
  async (text) => {
    for (const each of [read, written]) {
      await expect(each(`a: 1\nb: ${text}\n`)).rejects.toMatchObject({
        message: 'a tag is not known; text that begins with ! needs quotes',
        place: expect.stringContaining(':2:'),
      })
    }
  },
)
