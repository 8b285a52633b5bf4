import Table from 'cli-table3'
import { expect, test } from 'vitest'
import { ascii, drawPlain } from './render-table.js'
import { ansiStyle } from './style.js'

function drawnByPackage(head: string[], rows: string[][]): string {
  const table = new Table({ head, style: { head: [], border: [], compact: true }, chars: ascii })
  table.push(...rows)
  return `${table.toString()}\n`
}

test.each<[what: string, head: string[], rows: string[][]]>([
  ['no row', ['ID', 'Name'], []],
  ['one column', ['ID'], [['1'], ['22'], ['']]],
  [
    'cells wider than their heads',
    ['ID', 'Name'],
    [
      ['1', 'debian-13'],
      ['a long id', ''],
    ],
  ],
  [
    'blanks at both ends',
    ['ID', ' Name '],
    [
      [' 1', '  '],
      ['1 ', ' a b '],
    ],
  ],
  [
    'styles',
    [ansiStyle.bold('ID'), ansiStyle.bold('Status')],
    [
      ['1', ansiStyle.green('active')],
      ['2', ansiStyle.yellow('queued')],
    ],
  ],
  ['signs', ['a|b', '+--+'], [['\\n', '~!@#$%^&*()_']]],
  [
    'long cells',
    ['Name', 'Size'],
    [
      ['x'.repeat(255), '1'],
      ['y', 'z'.repeat(300)],
    ],
  ],
])('a table with %s is drawn as cli-table3 draws it', (_what, head, rows) => {
  expect(drawPlain(head, rows)).toBe(drawnByPackage(head, rows))
})

test('what may be wider or narrower than its length is left to cli-table3', () => {
  for (const text of ['é', '世', 'a\u0301', 'a\tb', 'a\nb', '\u001B]8;;x\u0007']) {
    expect(drawPlain(['ID'], [[text]])).toBeUndefined()
    expect(drawPlain([text], [['1']])).toBeUndefined()
  }
  expect(drawPlain([], [])).toBeUndefined()
})
