import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandEntries } from '../commands/index.js'
import { parseWithCommander } from './commander.js'
import { allGlobalOptions } from './globals.js'
import { parsePlain } from './parse.js'

const silent = { out: () => {}, err: () => {} }
const commands = await Promise.all(commandEntries.map(async ({ path, load }) => ({ path, command: await load() })))

test('a plain command line is read without commander', async () => {
  const list = commands.find(({ path }) => path.join(' ') === 'list')?.command
  const line = ['--tag', 'a', 'x', '-f', 'json', '--hidden', '--tag=b', '--limit', '3', '--os-cloud=demo']
  expect(list && parsePlain(list, line)).toEqual({
    args: { selector: 'x' },
    options: { tag: ['a', 'b'], hidden: true, limit: 3 },
    globals: { format: 'json', osCloud: 'demo' },
  })
})

test('what is read without commander is what commander reads, for every command', () => {
  let read = 0
  const values = fc.constantFrom(
    'x',
    '3',
    '10M',
    '30s',
    'k=v',
    'json',
    'private',
    '-',
    '',
    '-x',
    '--',
    '-5',
    'a b',
    '=',
  )
  for (const { path, command } of commands) {
    const specs = [...Object.values(command.options), ...Object.values(allGlobalOptions)]
    const flags = specs.flatMap(({ flags: syntax, negatable }) => {
      const own = syntax.match(/-{1,2}[a-z][a-z0-9-]*/g) ?? []
      return [...own, ...(negatable ? own.map((flag) => flag.replace('--', '--no-')) : [])]
    })
    const choices = specs.flatMap((spec) => spec.choices ?? [])
    const words = fc.oneof(
      values,
      fc.constantFrom('--help', '-h', '--unknown', '-fjson', '-qv', ...choices),
      fc.constantFrom(...flags),
      fc.tuple(fc.constantFrom(...flags), values).map((parts) => parts.join('=')),
      // A flag with its value, as most are typed.
      fc.tuple(fc.constantFrom(...specs), values).map(([{ flags: syntax, choices: [first] = [undefined] }, value]) => {
        const flag = /--[a-z0-9-]+/.exec(syntax)?.[0] ?? ''
        return syntax.includes('<') ? `${flag}\0${first ?? value}` : flag
      }),
    )
    const lines = fc.array(words, { maxLength: 5 }).map((line) => line.flatMap((word) => word.split('\0')))
    fc.assert(
      fc.property(lines, (line) => {
        const plain = parsePlain(command, line)
        if (!plain) return
        read += 1
        expect(plain).toEqual(parseWithCommander(path, command, line, silent))
      }),
      { numRuns: Number(process.env['RUNS'] ?? 40) },
    )
  }
  expect(read).toBeGreaterThan(commands.length)
})
