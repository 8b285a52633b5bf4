import { expect, test } from 'vitest'
import { commandEntries } from '../commands/index.js'
import { locate } from './locate.js'

const found = (...argv: string[]) => {
  const { entry, path, rest, unknown } = locate(argv, commandEntries)
  return { command: entry?.path.join(' '), path, rest, unknown }
}

test('global options may stand before the command, with their values', () => {
  expect(found('--os-cloud', 'list', '-f', 'json', 'list', '--name', 'x')).toEqual({
    command: 'list',
    path: ['list'],
    rest: ['--os-cloud', 'list', '-f', 'json', '--name', 'x'],
    unknown: undefined,
  })
})

test('and between the words of a command', () => {
  expect(found('share', '--os-cloud=other', 'accept', 'i')).toMatchObject({
    command: 'share accept',
    rest: ['--os-cloud=other', 'i'],
  })
})

test('a group alone names no command', () => {
  expect(found('share')).toMatchObject({ command: undefined, path: ['share'], unknown: undefined })
})

test('a word that is no command is told', () => {
  expect(found('share', 'give')).toMatchObject({ command: undefined, path: ['share'], unknown: 'give' })
  expect(found('lst')).toMatchObject({ unknown: 'lst' })
})

test('what follows the command is left to it, other commands’ names included', () => {
  expect(found('show', 'list')).toMatchObject({ command: 'show', rest: ['list'] })
  expect(found('create', '--', '-x')).toMatchObject({ command: 'create', rest: ['--', '-x'] })
})
