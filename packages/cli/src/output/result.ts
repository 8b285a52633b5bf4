import type { Style } from './style.js'

/** One record as it is printed: Glance's snake_case names, custom properties nested under `properties`. */
export type Row = Readonly<Record<string, unknown>>

/** Several records. */
export interface ListResult {
  readonly kind: 'list'
  readonly rows: readonly Row[]
  /** The columns of a table when none are chosen. */
  readonly columns: readonly string[]
  readonly exitCode?: number
  /** Reported after the result has been printed: some of several things failed. */
  readonly failure?: Error
}

/** One record. */
export interface ItemResult {
  readonly kind: 'item'
  readonly row: Row
  readonly exitCode?: number
  /** Reported after the result has been printed: some of several things failed. */
  readonly failure?: Error
}

/** Nothing to print: the command has written bytes, or there is nothing to report. */
export interface NothingResult {
  readonly kind: 'nothing'
  readonly exitCode?: number
  /** Reported after the result has been printed: some of several things failed. */
  readonly failure?: Error
}

/** A text that is printed as it is, whatever the format: a script or a document. */
export interface TextResult {
  readonly kind: 'text'
  readonly text: string
  readonly exitCode?: number
  /** Reported after the result has been printed: some of several things failed. */
  readonly failure?: Error
}

/** What a command returns, for a renderer to print. */
export type Result = ListResult | ItemResult | TextResult | NothingResult

export function list(rows: readonly Row[], columns: readonly string[]): ListResult {
  return { kind: 'list', rows, columns }
}

export function item(row: Row): ItemResult {
  return { kind: 'item', row }
}

export function text(printed: string): TextResult {
  return { kind: 'text', text: printed }
}

export const nothing: NothingResult = { kind: 'nothing' }

/** Which cells of CSV are quoted. */
export const quotes = ['all', 'minimal', 'none', 'nonnumeric'] as const

/** What some of the formats can do differently. */
export interface Variations {
  /** JSON on one line. */
  readonly isCompact: boolean
  readonly quote: (typeof quotes)[number]
  /** Of the variables that `-f shell` prints. */
  readonly shellPrefix: string
}

/** A result with its columns chosen, as renderers take it. */
export interface Sheet extends Variations {
  readonly result: ListResult | ItemResult
  readonly rows: ListResult['rows']
  /** The columns to print of each row; undefined: all fields, which only structured formats support. */
  readonly columns: readonly string[] | undefined
  readonly style: Style
  readonly width: number | undefined
  readonly isTerminal: boolean
  /** Told of the columns for which a table has no room. */
  readonly onOmitted?: ((columns: readonly string[]) => void) | undefined
}
