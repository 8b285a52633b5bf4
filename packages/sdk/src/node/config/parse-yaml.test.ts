import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseYaml, YamlError, yamlValue } from './parse-yaml.js'

const read = async (text: string) => yamlValue(await parseYaml(text))

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
  await expect(read(`${keys}k7: 1\n`)).rejects.toMatchObject({ message: 'a key is there twice', place: ':50001:1' })
})

test.each([
  ['anchors and aliases', Array.from({ length: 10_000 }, (_, index) => `- &a${index} x\n- *a${index}\n`).join('')],
  [
    'aliases of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x]\n${Array.from('bcdefghi', (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join()}]\n`).join('')}`,
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
