import { expect, test } from 'vitest'
import { ansiStyle, noStyle, styleFor } from './style.js'

const terminal = { isTTY: true }
const pipe = { isTTY: false }

test.each([
  ['a terminal', terminal, 'auto', {}, ansiStyle],
  ['a pipe', pipe, 'auto', {}, noStyle],
  ['NO_COLOR', terminal, 'auto', { NO_COLOR: '1' }, noStyle],
  ['an empty NO_COLOR', terminal, 'auto', { NO_COLOR: '' }, ansiStyle],
  ['FORCE_COLOR', pipe, 'auto', { FORCE_COLOR: '1' }, ansiStyle],
  ['CLICOLOR_FORCE', pipe, 'auto', { CLICOLOR_FORCE: '1' }, ansiStyle],
  ['CLICOLOR=0', terminal, 'auto', { CLICOLOR: '0' }, noStyle],
  ['TERM=dumb', terminal, 'auto', { TERM: 'dumb' }, noStyle],
  ['--color never', terminal, 'never', { FORCE_COLOR: '1' }, noStyle],
  ['--color always', pipe, 'always', { NO_COLOR: '1' }, ansiStyle],
] as const)('%s decides whether a stream is coloured', (_, stream, mode, env, style) => {
  expect(styleFor(stream, mode, env)).toBe(style)
})
