/**
 * A table of ASCII that is as wide as it likes, drawn as cli-table3 draws it: most tables are, and for a few rows the
 * package takes longer than all the rest of a command.
 * @returns undefined for a table that is not of this kind
 */
export function drawPlain(head: readonly string[], rows: readonly (readonly string[])[]): string | undefined {
  const all = [head, ...rows]
  if (head.length === 0 || !all.every((row) => row.every(isPlain))) return undefined
  const widths = head.map((_, column) => all.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), 0))
  const border = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`
  const [first = '', ...rest] = all.map(
    (row) => `|${widths.map((width, column) => padded(row[column] ?? '', width)).join('|')}|`,
  )
  const body = rest.length > 0 ? [border, ...rest] : []
  return [border, first, ...body, border, ''].join('\n')
}

// oxlint-disable-next-line no-control-regex
const styles = /\u001B\[\d+m/g
const withoutStyles = (text: string) => (text.includes('\u001B') ? text.replaceAll(styles, '') : text)
const isPlain = (text: string) => /^[\x20-\x7E]*$/.test(withoutStyles(text))
const widthOf = (text: string) => withoutStyles(text).length
const padded = (text: string, width: number) => ` ${text}${' '.repeat(width - widthOf(text))} `
