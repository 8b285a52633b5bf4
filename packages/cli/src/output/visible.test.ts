import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { item } from './result.js'
import { render } from './render.js'
import { noStyle } from './style.js'
import { jsonText, oneLine, visible, visibleBesidesStyles, withoutLineBreaks } from './visible.js'

test.each([
  ['\u0000\u0007\u0008\u001B[2J', String.raw`\x00\x07\x08\x1b[2J`],
  ['a\nb\r\nc\td', String.raw`a\nb\r\nc\td`],
  ['\u007F\u0085\u009B31m', String.raw`\x7f\x85\x9b31m`],
  ['\u202A\u202B\u202C\u202D\u202E', String.raw`\u202a\u202b\u202c\u202d\u202e`],
  ['\u2066\u2067\u2068\u2069\u200E\u200F\u061C', String.raw`\u2066\u2067\u2068\u2069\u200e\u200f\u061c`],
  ['\u200B\u200C\u200D\u2060\uFEFF\u00AD\u180E', String.raw`\u200b\u200c\u200d\u2060\ufeff\xad\u180e`],
  ['\u2028\u2029', String.raw`\u2028\u2029`],
  ['\u{E0001}\u{E0041}\u{E007F}\u{E0100}', String.raw`\u{e0001}\u{e0041}\u{e007f}\u{e0100}`],
  ['\u3164\u115F\u034F', String.raw`\u3164\u115f\u034f`],
])('%j is shown as %s', (text, shown) => {
  expect(oneLine(text)).toBe(shown)
  expect(oneLine(shown)).toBe(shown)
})

test.each(['plain', 'Größe 10 €', '名前', 'עברית', 'العربية', '❤️', '🦊', 'e\u0301', '\u0600'])('%s stays', (text) => {
  expect(oneLine(text)).toBe(text)
  expect(jsonText(text)).toBe(`"${text}"`)
})

test('a text keeps its own line breaks and tabs, and loses no other', () => {
  expect(visible('a\tb\nc\rd\u001B')).toBe('a\tb\nc\\rd\\x1b')
  expect(withoutLineBreaks('a\nb\r\u001B\u202E')).toBe('a\\nb\\r\u001B\u202E')
})

test('our own styles pass, and nothing that is like them', () => {
  const own = '\u001B[1mbold\u001B[22m \u001B[31mred\u001B[39m\n'
  expect(visibleBesidesStyles(own)).toBe(own)
  expect(visibleBesidesStyles('\u001B[2J\u001B]0;x\u0007\u001B[8m\r\u001B[31;1m')).toBe(
    String.raw`\x1b[2J\x1b]0;x\x07\x1b[8m\r\x1b[31;1m`,
  )
})

const hostile = 'a\u001B[2J\u007F\u009B\u2028\u202E\u200B\u{E0041}"\\\nb\r\t: #'

test('JSON and YAML escape what cannot be seen, and are the same value', async () => {
  // oxlint-disable-next-line no-control-regex
  const unseen = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u202E\u200B\u{E0041}]/u
  const row = { name: hostile, [hostile]: [hostile], note: 'two\nlines' }
  for (const format of ['json', 'jsonl', 'yaml'] as const) {
    const variations = { isCompact: false, quote: 'minimal', shellPrefix: '' } as const
    const options = {
      columns: [],
      known: { names: [] },
      style: noStyle,
      width: undefined,
      isTerminal: false,
      ...variations,
    }
    const text = await render(item(row), format, options)
    expect(text).not.toMatch(unseen)
    expect(format === 'yaml' ? parse(text) : JSON.parse(text)).toEqual(row)
  }
})
