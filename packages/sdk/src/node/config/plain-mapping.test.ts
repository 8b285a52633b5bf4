import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { plainMapping } from './plain-mapping.js'
import { parse } from './read-yaml.js'

test('a clouds.yaml as most are written is read', () => {
  const text = `# my clouds
---
clouds:
  demo: # the usual one
    auth:
      auth_url: https://keystone.example:5000/v3
      username: demo
      password: "p a: #ss'"

      project_name: 'the "project"'
      user_domain_id: 0042
    region_name: Region One   # the only one
    verify: false
    cacert:
    profile: null
  "the other":
`
  expect(plainMapping(text)).toEqual({
    clouds: {
      demo: {
        auth: {
          auth_url: 'https://keystone.example:5000/v3',
          username: 'demo',
          password: "p a: #ss'",
          project_name: 'the "project"',
          user_domain_id: '0042',
        },
        region_name: 'Region One',
        verify: 'false',
        cacert: null,
        profile: null,
      },
      'the other': null,
    },
  })
  expect(plainMapping(text.replaceAll('\n', '\r\n'))).toEqual(plainMapping(text))
})

test.each([
  'a: &x 1',
  'a: *x',
  'a: !!str 1',
  'a: [1]',
  'a: {b: 1}',
  'a: |\n  b',
  'a: b\n  c',
  'a: "b\n  c"',
  'a: "\\n"',
  "a: 'it''s'",
  'a: b: c',
  'a: b:',
  'a: -',
  'a: - b',
  'a: @b',
  'a: "b" c',
  'a:\n- b',
  'a:\tb',
  'a: 1\na: 2',
  'a:\n    b: 1\n  c: 2',
  '  a: 1\n b: 2',
  '<<: b',
  '"a\\n": b',
  "'a': b",
  '"a":b',
  '? a\n: b',
  '__proto__: a',
  'a: b\n---\nc: d',
  '%YAML 1.2\n---\na: b',
  'a: b\n...',
  'just text',
  '',
  '# nothing',
  '\uFEFFa: b',
  'a: \u00E9',
])('%j is left to the whole parser', (text) => {
  expect(plainMapping(text)).toBeUndefined()
})

test('whatever is read is what the whole parser reads', async () => {
  const often = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
    fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd })
  const indent = often(fc.constantFrom('', '', '  ', '    '), fc.constantFrom(' ', '   ', '\t'))
  const key = often(
    fc.constantFrom('a', 'b', 'c-d', 'e.f', '0', 'g', 'h', 'i', 'null', 'constructor'),
    fc.constantFrom('<<', '"q"', '"null"', '"a b"', '" "', '"-"', "'q'", '-', '__proto__', '"__proto__"', 'a b'),
  )
  const signs = fc.constantFrom(...' :#\'"\\-!&*%@`/.,[]{}|>?~=ab0'.split(''))
  const value = often(
    fc.oneof(
      fc.constantFrom('null', 'NULL', 'x', '0042', '1e3', 'no', '"q"', "'q'", '""', "''", 'a b', 'http://a:1/'),
      fc.array(signs, { maxLength: 6 }).map((characters) => `x${characters.join('')}x`),
    ),
    fc.oneof(
      fc.array(signs, { maxLength: 6 }).map((characters) => characters.join('')),
      fc.array(signs, { maxLength: 6 }).map((characters) => `"${characters.join('')}"`),
      fc.array(signs, { maxLength: 6 }).map((characters) => `'${characters.join('')}'`),
      fc.string({ unit: 'binary-ascii', maxLength: 6 }),
    ),
  )
  const separator = often(fc.constantFrom(': ', ':  '), fc.constantFrom(':', ' : ', ':\t'))
  const end = often(fc.constantFrom('', ' ', ' # c'), fc.constantFrom('#c', ' #', '\r'))
  const line = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(indent, key, separator, value, end).map((parts) => parts.join('')) },
    { weight: 3, arbitrary: fc.tuple(indent, key, fc.constantFrom(':', ': ', ': # c')).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.constantFrom('', '   ', '# c', '  # c', '---', '...') },
  )
  const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'))
  let read = 0
  await fc.assert(
    fc.asyncProperty(text, async (written) => {
      const plain = plainMapping(written)
      if (plain === undefined) return
      read += 1
      expect(await parse(written, true)).toEqual({ value: plain, repeated: [] })
    }),
    { numRuns: Number(process.env['RUNS'] ?? 3000) },
  )
  expect(read).toBeGreaterThan(300)
})
