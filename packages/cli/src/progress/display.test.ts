import { expect, test } from 'vitest'
import { noStyle } from '../output/style.js'
import { createDisplay } from './display.js'
import type { ProgressMode } from './mode.js'

function show(mode: ProgressMode, { isTTY = false, columns = 80, label = 'debian' } = {}) {
  let time = 0
  const written: string[] = []
  const gate = { paint: (text: string) => void written.push(text), isTTY, columns }
  const display = createDisplay({ label, mode, gate, style: noStyle, now: () => time })
  const at = (ms: number, bytes: number, total?: number, phase = 'upload') => {
    time = ms
    display.report({ phase, bytes, ...(total === undefined ? {} : { total }) })
  }
  const done = (ms: number) => {
    time = ms
    display.done()
  }
  const stop = () => display.stop()
  return { at, done, stop, written }
}

const MiB = 1024 ** 2

test('a bar is redrawn in place at most ten times a second and cleared at the end', () => {
  const { at, done, written } = show('tty')
  at(0, 0, 100 * MiB)
  at(50, 5 * MiB, 100 * MiB)
  at(100, 10 * MiB, 100 * MiB)
  done(200)
  expect(written).toEqual([
    '\r\u001B[Kdebian  [--------------------]  upload  0 B of 100 MiB  0 %',
    '\r\u001B[Kdebian  [#---------]  upload  10 MiB of 100 MiB  10 %  100 MiB/s  1s left',
    '\r\u001B[K',
  ])
})

test('a bar on a narrow terminal keeps its figures and cuts its label', () => {
  const { at, written } = show('tty', { columns: 70, label: 'a-very-long-name-of-an-image-indeed' })
  at(0, 0, 100 * MiB)
  expect(written[0]).toMatchInlineSnapshot(`
    "
    [Ka-very-long-nam…  [--------------------]  upload  0 B of 100 MiB  0 %"
  `)
  expect(written.join('').length - '\r\u001B[K'.length).toBeLessThan(70)
})

test('a plain log has a line each half minute and one at the end', () => {
  const { at, done, written } = show('plain')
  at(0, 0, 100 * MiB)
  at(10_000, 10 * MiB, 100 * MiB)
  at(30_000, 30 * MiB, 100 * MiB)
  at(31_000, 31 * MiB, 100 * MiB)
  at(99_000, 100 * MiB, 100 * MiB)
  done(100_000)
  expect(written).toEqual([
    'debian: upload 30 MiB of 100 MiB, 30 %, 1 MiB/s, 1m 10s left\n',
    'debian: upload 100 MiB of 100 MiB, 100 %, 1.01 MiB/s, 0s left\n',
    'debian: done 100 MiB of 100 MiB, 100 %, 1 MiB/s, 1m 40s\n',
  ])
})

test('JSON progress is one object a line, without a total when there is none', () => {
  const { at, done, written } = show('json')
  at(0, 0)
  at(500, MiB)
  at(1000, 2 * MiB)
  done(2000)
  const events = written.map((line) => (JSON.parse(line) as { progress: Record<string, unknown> }).progress)
  expect(events).toEqual([
    { label: 'debian', phase: 'upload', bytes: 0, total: null, bytesPerSecond: null, etaSeconds: null, done: false },
    {
      label: 'debian',
      phase: 'upload',
      bytes: 2 * MiB,
      total: null,
      bytesPerSecond: 2 * MiB,
      etaSeconds: null,
      done: false,
    },
    {
      label: 'debian',
      phase: 'upload',
      bytes: 2 * MiB,
      total: null,
      bytesPerSecond: MiB,
      etaSeconds: null,
      done: true,
    },
  ])
})

test('auto draws a bar on a terminal and writes a log elsewhere; none is silent', () => {
  const terminal = show('auto', { isTTY: true })
  terminal.at(0, 0, MiB)
  const pipe = show('auto')
  pipe.at(0, 0, MiB)
  pipe.at(30_000, 1, MiB)
  const silent = show('none')
  silent.at(0, 0, MiB)
  silent.done(1)
  expect(terminal.written[0]).toContain('\r')
  expect(pipe.written[0]).not.toContain('\r')
  expect(silent.written).toEqual([])
})

test('the last line is about the bytes that were moved, and comes once', () => {
  const { at, done, written } = show('plain')
  at(0, 65_536, 65_536, 'inspect')
  at(0, 2 * MiB, 2 * MiB)
  at(1000, 0, undefined, 'server')
  done(2000)
  done(2000)
  expect(written).toEqual(['debian: done 2 MiB of 2 MiB, 100 %, 1 MiB/s, 2s\n'])
})

test.each(['plain', 'json', 'tty'] as const)('what failed is not said to be done: %s', (mode) => {
  const { at, done, stop, written } = show(mode)
  at(0, 0, 10 * MiB)
  at(100, MiB, 10 * MiB)
  stop()
  at(40_000, 2 * MiB, 10 * MiB)
  done(50_000)
  expect(written.join('')).not.toMatch(/done [0-9]|"done":true|2 MiB/)
})

test('what failed leaves no bar', () => {
  const { at, stop, written } = show('tty')
  at(0, 0, 10 * MiB)
  stop()
  expect(written.at(-1)).toBe('\r\u001B[K')
})

test('the rate forgets what came before a change of phase', () => {
  const { at, written } = show('json')
  at(0, 0, 10 * MiB)
  at(1000, 10 * MiB, 10 * MiB)
  at(2000, 0, 10 * MiB, 'verify')
  at(3000, 5 * MiB, 10 * MiB, 'verify')
  expect(written.at(-1)).toContain(`"bytesPerSecond":${5 * MiB}`)
})

test('a label cannot move the cursor', () => {
  const { at, written } = show('plain', { label: 'a\u001B[2Jb' })
  at(0, 0)
  at(30_000, 1)
  expect(written[0]).toContain('a\\x1b[2Jb')
})
