import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import xterm from '@xterm/headless'
import { array, assert, asyncProperty, boolean, constant, integer, nat, oneof, record, string } from 'fast-check'
import { ansiStyle } from '../../../cli/src/output/style.js'
import { openGate } from '../../../cli/src/output/gate.js'
import { ProgressBoard } from '../../../cli/src/progress/board.js'

/** A board on the screen of a terminal. */
function onScreen(columns: number, rows: number) {
  const screen = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true })
  let pending = Promise.resolve()
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows })
  stream.on('data', (data: Buffer) => {
    const text = data.toString().replaceAll('\n', '\r\n')
    pending = pending.then(() => new Promise<void>((resolve) => screen.write(text, resolve)))
  })
  const gate = openGate(() => stream, { TERM: 'xterm-256color' })
  let now = 0
  const board = new ProgressBoard({ mode: 'tty', gate, style: ansiStyle, now: () => now, repeat: () => () => {} })
  return {
    gate,
    board,
    later: (ms: number) => (now += ms),
    async resize(to: number, { isKnown = true } = {}) {
      await gate.flush()
      await pending
      screen.resize(to, rows)
      if (isKnown) stream.columns = to
    },
    async lines() {
      await gate.flush()
      await pending
      const { active } = screen.buffer
      const all = Array.from({ length: active.length }, (_, at) => active.getLine(at)?.translateToString(true) ?? '')
      return all.filter((text) => text !== '')
    },
  }
}

const action = oneof(
  {
    weight: 6,
    arbitrary: record({ kind: constant('report' as const), which: nat(5), bytes: nat(2 ** 40) }),
  },
  { weight: 1, arbitrary: record({ kind: constant('begin' as const), label: string({ maxLength: 60 }) }) },
  { weight: 1, arbitrary: record({ kind: constant('end' as const), which: nat(5) }) },
  { weight: 1, arbitrary: record({ kind: constant('note' as const) }) },
  {
    weight: 2,
    arbitrary: record({ kind: constant('resize' as const), columns: integer({ min: 40, max: 200 }) }),
  },
)

test('whatever happens while several transfers run, the notes stay and nothing else does', async () => {
  await assert(
    asyncProperty(array(action, { maxLength: 40 }), async (actions) => {
      const at = onScreen(80, 30)
      const displays = [at.board.transfer('first', 3)]
      const notes: string[] = []
      for (const each of actions) {
        at.later(150)
        if (each.kind === 'begin') displays.push(at.board.transfer(each.label))
        else if (each.kind === 'end') displays[each.which]?.done()
        else if (each.kind === 'report')
          displays[each.which]?.report({ phase: 'upload', bytes: each.bytes, total: 2 ** 40 })
        else if (each.kind === 'resize') await at.resize(each.columns)
        else {
          notes.push(`note ${notes.length}`)
          at.gate.write(`${notes.at(-1)}\n`)
        }
      }
      at.board.close()
      expect(await at.lines()).toEqual(notes)
    }),
    { numRuns: 150 },
  )
})

test('one transfer leaves no rest, also if the window had another width than a frame was made for', async () => {
  const widths = array(record({ columns: integer({ min: 20, max: 200 }), isKnown: boolean() }), { maxLength: 20 })
  await assert(
    asyncProperty(string({ maxLength: 60 }), widths, async (label, changes) => {
      const at = onScreen(80, 30)
      at.gate.write('before, in a row of its own as long as the window has fewer than forty columns\n')
      const display = at.board.transfer(label)
      display.report({ phase: 'upload', bytes: 0, total: 2 ** 30 })
      for (const [index, { columns, isKnown }] of changes.entries()) {
        await at.resize(columns, { isKnown })
        at.later(150)
        display.report({ phase: 'upload', bytes: index * 1000, total: 2 ** 30 })
      }
      display.done()
      expect((await at.lines()).join('')).toBe(
        'before, in a row of its own as long as the window has fewer than forty columns',
      )
    }),
    { numRuns: 150 },
  )
})
