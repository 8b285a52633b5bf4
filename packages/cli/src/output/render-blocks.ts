import stringWidth from 'string-width'
import type { Style } from './style.js'

/** A record in a terminal that is too narrow for its table. */
export interface Block {
  /** What the record is recognised by: on a line of its own, without a label. */
  readonly head?: string | undefined
  readonly fields: readonly (readonly [label: string, value: string])[]
}

interface Look {
  readonly width: number
  readonly style: Style
  /** Colours a value that has been laid out. */
  readonly paint: (label: string, value: string) => string
}

const gap = 2

/** Draws each record as lines of `label  value`; nothing is cut, and no line is wider than the terminal. */
export function drawBlocks(blocks: readonly Block[], look: Look): string {
  const labels = blocks.flatMap(({ fields }) => fields.map(([label]) => stringWidth(label)))
  // The values begin in one column, except those that are wider than what is left.
  const column = Math.min(Math.max(0, ...labels), Math.floor(look.width / 2) - gap)
  return blocks.map((block) => `${linesOf(block, column, look).join('\n')}\n`).join('\n')
}

function linesOf({ head, fields }: Block, column: number, { width, style, paint }: Look): string[] {
  const indent = head === undefined ? '' : ' '.repeat(gap)
  const lines = fields.flatMap(([label, value]) => {
    const start = `${indent}${label}${' '.repeat(Math.max(0, column - stringWidth(label)))}${' '.repeat(gap)}`
    const room = width - stringWidth(start)
    const text = value.split('\n')
    if (text.every((line) => stringWidth(line) <= room)) {
      const [first = '', ...rest] = text.map((line) => paint(label, line))
      return [`${start}${first}`.trimEnd(), ...rest.map((line) => `${' '.repeat(stringWidth(start))}${line}`)]
    }
    const below = `${indent}${' '.repeat(gap)}`
    const folded = text.flatMap((line) => foldTo(line, Math.max(1, width - below.length)))
    return [`${indent}${label}`, ...folded.map((line) => `${below}${paint(label, line)}`)]
  })
  return head === undefined ? lines : [...foldTo(head, width).map(style.bold), ...lines]
}

/** Broken between characters as people see them. */
function foldTo(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    const own = stringWidth(segment)
    if (used + own > width && line !== '') {
      lines.push(line)
      line = ''
      used = 0
    }
    line += segment
    used += own
  }
  return [...lines, line]
}
