import type { ItemResult, ListResult, Sheet, Variations } from './result.js'
import { chooseColumns, type Columns } from './columns.js'
import type { Style } from './style.js'

export const formats = ['table', 'json', 'jsonl', 'yaml', 'csv', 'value', 'shell', 'id'] as const
export type Format = (typeof formats)[number]

/** How to display a result. */
export interface RenderOptions extends Variations {
  /** `-c`: only these, in this order. Empty: the result's default columns. */
  readonly columns: readonly string[]
  /** The columns that may be chosen. */
  readonly known: Columns
  readonly style: Style
  /** Width of the terminal; undefined when there is none, so that nothing is cut. */
  readonly width: number | undefined
  /** Whether the text goes to a terminal rather than to a program. */
  readonly isTerminal: boolean
  /** Told of the columns for which a table has no room. */
  readonly onOmitted?: ((columns: readonly string[]) => void) | undefined
}

/** Turns a sheet into the text that goes to stdout, newline included. */
type Renderer = (sheet: Sheet) => string | Promise<string>

const renderers: Readonly<Record<Format, () => Promise<Renderer>>> = {
  table: async () => (await import('./render-table.js')).renderTable,
  json: async () => (await import('./render-data.js')).renderJson,
  jsonl: async () => (await import('./render-data.js')).renderJsonLines,
  yaml: async () => (await import('./render-yaml.js')).renderYaml,
  csv: async () => (await import('./render-data.js')).renderCsv,
  value: async () => (await import('./render-data.js')).renderValue,
  shell: async () => (await import('./render-shell.js')).renderShell,
  id: async () => (await import('./render-data.js')).renderId,
}

/** @throws UsageError for a column that no record has */
export async function render(result: ListResult | ItemResult, format: Format, options: RenderOptions): Promise<string> {
  const rows = result.kind === 'list' ? result.rows : [result.row]
  const columns = options.columns.length > 0 ? chooseColumns(rows, options.columns, options.known) : undefined
  const renderer = await renderers[format]()
  return renderer({ ...options, result, rows, columns })
}
