import { expect, test } from 'vitest'
import { noStyle } from '../output/style.js'
import { type BoardOptions, ProgressBoard } from './board.js'

/** A board with a clock of its own. `screen`: the lines that are kept at the moment; `log`: what was painted. */
function show(mode: BoardOptions['mode'], { columns = 80, rows = 24 } = {}) {
  let time = 0
  let tick = () => {}
  const log: string[] = []
  let screen: readonly string[] = []
  let frames = 0
  const gate = {
    paint: (text: string) => void log.push(text),
    keep(lines: readonly { text: string; width: number }[]) {
      for (const { text, width } of lines) expect({ text, width }).toEqual({ text, width: text.length })
      screen = lines.map(({ text }) => text)
      frames += 1
    },
    leave: () => void (screen = []),
    columns,
    rows,
  }
  const repeat = (act: () => void) => {
    tick = act
    return () => void (tick = () => {})
  }
  const board = new ProgressBoard({ mode, gate, style: noStyle, now: () => time, repeat })
  const begin = (label = 'debian', of?: number) => {
    const display = board.transfer(label, of)
    return {
      ...display,
      at: (ms: number, bytes: number, total?: number, phase = 'upload') => {
        time = ms
        display.report({ phase, bytes, total })
      },
    }
  }
  const clock = (ms: number) => {
    time = ms
    tick()
  }
  const events = () => log.map((line) => (JSON.parse(line) as { progress: Record<string, unknown> }).progress)
  return { board, begin, clock, log, screen: () => screen, frames: () => frames, events }
}

const MiB = 1024 ** 2
const GiB = 1024 ** 3

test('a line on a terminal has a bar, phase, amounts, rate and what is left, and is gone at the end', () => {
  const { begin, clock, screen, frames } = show('tty', { columns: 120 })
  const { at, done } = begin()
  at(0, 0, 100 * MiB)
  at(50, 5 * MiB, 100 * MiB)
  expect(frames()).toBe(1)
  at(1000, 25 * MiB, 100 * MiB)
  expect(screen()).toEqual([
    'debian  [#######-----------------------]  upload     25 %    25 MiB  of 100 MiB    25 MiB/s  3s left',
  ])
  clock(31_000)
  expect(screen()[0]).toMatch(/ 25 MiB {2}of 100 MiB {2}52\.5 KiB\/s {2}stalled 30s$/)
  done()
  expect(screen()).toEqual([])
})

test.each([
  [
    200,
    'debian-13-generic  [############------------------]  download   40 %    40 GiB  of 100 GiB     8 GiB/s  8s left',
  ],
  [100, 'debian-13-generic  [####------]  download   40 %    40 GiB  of 100 GiB     8 GiB/s  8s left'],
  [80, 'debian-13-gener…  [####------]  download   40 %    40 GiB     8 GiB/s  8s left'],
  [64, 'debian-13-gen…  download   40 %    40 GiB     8 GiB/s  8s left'],
  [60, 'debian-13-generic  download   40 %     8 GiB/s  8s left'],
  [40, 'debian-13-g…  download   40 %  8s left'],
  [24, 'debia…   40 %  8s left'],
  [8, '40 %'],
])('a terminal with %d columns shows as much as fits', (columns, shown) => {
  const { begin, screen } = show('tty', { columns })
  const { at } = begin('debian-13-generic')
  at(0, 0, 100 * GiB, 'download')
  at(5000, 40 * GiB, 100 * GiB, 'download')
  expect(screen()).toEqual([shown])
})

test('every width gets one row for each transfer, whatever is known and however long the name is', () => {
  for (let columns = 1; columns <= 210; columns += 1) {
    const { begin, screen } = show('tty', { columns })
    begin('a-name-of-an-image-that-is-rather-long-for-most-terminals', 3).at(0, 1023 * GiB, 5000 * GiB)
    begin('b').at(0, 12_345)
    begin('c').at(90_000, 0, undefined, 'server')
    expect(screen()).toHaveLength(4)
    for (const line of screen()) expect(line.length).toBeLessThan(Math.max(2, columns))
  }
})

test('a slow or quick beginning does not decide the rate for long', () => {
  const { begin, events } = show('json')
  const { at } = begin()
  at(0, 0)
  at(1, 100)
  for (let second = 1; second <= 3; second += 1) at(second * 1000 + 1, second * 10 * MiB)
  expect(events().at(-1)).toMatchObject({ bytesPerSecond: expect.closeTo(10 * MiB, -6) })
})

test('several transfers are lines in columns, and a sum', () => {
  const { begin, screen } = show('tty', { columns: 100 })
  const [one, two, three] = [begin('debian-13', 4), begin('u', 4), begin('pipe', 4)]
  one.at(0, 0, 100 * MiB, 'download')
  two.at(0, 0, GiB)
  three.at(0, 0)
  three.at(10, 10 * MiB)
  two.at(20, 100 * MiB, GiB)
  one.at(2000, 50 * MiB, 100 * MiB, 'download')
  expect(screen()).toEqual([
    'debian-13  [##########----------]  download   50 %    50 MiB  of 100 MiB    25 MiB/s  2s left',
    'u          [#-------------------]  upload      9 %   100 MiB  of 1 GiB      50 MiB/s  18s left',
    'pipe                               upload             10 MiB                 5 MiB/s  2s',
    '0 of 4 done  160 MiB  80 MiB/s',
  ])
  one.done()
  two.stop()
  expect(screen().at(-1)).toMatch(/^1 of 4 done {2}60 MiB/)
  expect(screen()).toHaveLength(2)
})

test('more transfers than the terminal has rows are counted', () => {
  const { begin, screen } = show('tty', { rows: 6, columns: 60 })
  for (let index = 0; index < 10; index += 1) begin(`image-${index}`, 20).at(index * 200, MiB)
  expect(screen()).toHaveLength(4)
  expect(screen().at(-1)).toMatch(/^0 of 20 done {2}7 more running/)
})

test('a wait shows how long it has taken; bytes that the server counts show how far it is', () => {
  const { begin, clock, screen } = show('tty')
  const { at } = begin()
  at(0, 0, undefined, 'server')
  clock(65_000)
  expect(screen()).toEqual(['debian  server    1m 05s'])
  at(66_000, 0, 100 * MiB, 'server')
  at(68_000, 50 * MiB, 100 * MiB, 'server')
  expect(screen()[0]).toMatch(/^debian {2}\[#{5}-{5}\] {2}server {5}50 % .*left$/)
})

test('no bytes, totals that grow, and more bytes than the total', () => {
  const { begin, events } = show('json')
  const empty = begin('empty')
  empty.at(0, 0, 0)
  empty.done()
  const growing = begin('growing')
  growing.at(0, 0, 10)
  growing.at(1000, 20, 10)
  growing.at(2000, 20, 40)
  growing.done()
  expect(events().map(({ label, bytes, total, state }) => [label, state, bytes, total])).toEqual([
    ['empty', 'running', 0, 0],
    ['empty', 'done', 0, 0],
    ['growing', 'running', 0, 10],
    ['growing', 'running', 20, null],
    ['growing', 'running', 20, 40],
    ['growing', 'done', 20, 40],
  ])
  const plain = show('plain')
  const nothing = plain.begin()
  nothing.at(0, 0, 0)
  nothing.done()
  expect(plain.log).toEqual(['debian: upload 0 B of 0 B, 100 %\n', 'debian: done 0 B of 0 B, 100 %, 0s\n'])
})

test('a log has a line when data moves, one each half minute, even in a stall, and one at the end', () => {
  const { begin, clock, log } = show('plain')
  const { at, done } = begin()
  at(0, 65_536, 65_536, 'inspect')
  at(100, 0, 100 * MiB)
  at(10_100, 10 * MiB, 100 * MiB)
  clock(30_100)
  clock(60_000)
  clock(60_100)
  at(99_000, 100 * MiB, 100 * MiB)
  at(99_100, 0, undefined, 'server')
  clock(129_100)
  at(130_000, 0, undefined, 'verify')
  done()
  clock(200_000)
  expect(log).toEqual([
    'debian: upload 0 B of 100 MiB, 0 %\n',
    'debian: upload 10 MiB of 100 MiB, 10 %, stalled for 20s\n',
    'debian: upload 10 MiB of 100 MiB, 10 %, stalled for 50s\n',
    'debian: upload 100 MiB of 100 MiB, 100 %, 2.3 MiB/s, 0s left\n',
    'debian: server for 30s\n',
    'debian: done 100 MiB of 100 MiB, 100 %, 788 KiB/s, 2m 10s\n',
  ])
})

test('a slow inspection is in the log before anything moves', () => {
  const { begin, clock, log } = show('plain')
  begin().at(0, 0, undefined, 'inspect')
  clock(30_000)
  expect(log).toEqual(['debian: inspect for 30s\n'])
})

test('events are one object a line: each phase, each second, and the end', () => {
  const { begin, clock, events } = show('json')
  const { at, done } = begin()
  at(0, 0)
  at(500, MiB)
  at(1000, 2 * MiB)
  clock(2000)
  at(2100, 0, undefined, 'server')
  done()
  const common = { id: 1, label: 'debian', total: null, etaSeconds: null }
  const running = { ...common, state: 'running', phase: 'upload' }
  expect(events()).toEqual([
    { ...running, bytes: 0, bytesPerSecond: null, elapsedSeconds: 0 },
    { ...running, bytes: 2 * MiB, bytesPerSecond: 2 * MiB, elapsedSeconds: 1 },
    { ...running, bytes: 2 * MiB, bytesPerSecond: expect.any(Number), elapsedSeconds: 2 },
    { ...running, phase: 'server', bytes: 0, bytesPerSecond: null, elapsedSeconds: 2.1 },
    { ...common, state: 'done', phase: 'upload', bytes: 2 * MiB, bytesPerSecond: 998_644, elapsedSeconds: 2.1 },
  ])
})

test('transfers that have the same name are told apart by their number', () => {
  const { begin, events } = show('json')
  const [one, two] = [begin('same'), begin('same')]
  one.at(0, 1)
  two.at(0, 2)
  two.done()
  one.stop()
  expect(events().map(({ id, state, bytes }) => [id, state, bytes])).toEqual([
    [1, 'running', 1],
    [2, 'running', 2],
    [2, 'done', 2],
    [1, 'stopped', 1],
  ])
})

test.each([
  ['plain', 'debian: stopped in upload 1 MiB of 10 MiB, 10 %, 931 KiB/s, 1s\n'],
  ['json', expect.stringContaining('"state":"stopped","phase":"upload","bytes":1048576')],
  ['tty', undefined],
] as const)('what is stopped says so once and is never done: %s', (mode, last) => {
  const { board, begin, clock, log, screen } = show(mode)
  const { at, done } = begin()
  at(0, 0, 10 * MiB)
  at(1100, MiB, 10 * MiB)
  board.close()
  at(40_000, 2 * MiB, 10 * MiB)
  done()
  clock(80_000)
  expect(screen()).toEqual([])
  expect(log.join('')).not.toMatch(/done [0-9]|"done"|2 MiB/)
  expect(log.at(-1)).toEqual(last)
})

test('what never began is not mentioned', () => {
  const { board, begin, log } = show('plain')
  begin().done()
  begin()
  board.close()
  expect(log).toEqual([])
})

test('a label is one line', () => {
  for (const mode of ['plain', 'tty'] as const) {
    const { begin, log, screen } = show(mode)
    begin('a\u001B[2J\nb').at(0, 0)
    expect([...log, ...screen()].join('')).toContain(String.raw`a\x1b[2J\nb`)
  }
})

test('nothing is drawn in the background, and all of it again after a suspension', () => {
  let isForeground = true
  const kept: number[] = []
  let suspend: readonly [() => void, () => void] = [() => {}, () => {}]
  const job = {
    isForeground: () => isForeground,
    onSuspend(before: () => void, after: () => void) {
      suspend = [before, after]
      return () => {}
    },
  }
  const gate = {
    paint: () => {},
    keep: (lines: readonly unknown[]) => void kept.push(lines.length),
    leave: () => void kept.push(-1),
    columns: 80,
    rows: 24,
  }
  const board = new ProgressBoard({ mode: 'tty', gate, style: noStyle, job, now: () => 0, repeat: () => () => {} })
  const display = board.transfer('x')
  display.report({ phase: 'upload', bytes: 0 })
  suspend[0]()
  suspend[1]()
  isForeground = false
  display.report({ phase: 'server', bytes: 0 })
  expect(kept).toEqual([1, 0, -1, 1, -1])
})
