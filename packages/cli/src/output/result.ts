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
}

/** One record. */
export interface ItemResult {
  readonly kind: 'item'
  readonly row: Row
  readonly exitCode?: number
}

/** Nothing to print: the command has written bytes, or there is nothing to report. */
export interface NothingResult {
  readonly kind: 'nothing'
  readonly exitCode?: number
}

/** What a command returns, for a renderer to print. */
export type Result = ListResult | ItemResult | NothingResult

export function list(rows: readonly Row[], columns: readonly string[]): ListResult {
  return { kind: 'list', rows, columns }
}

export function item(row: Row): ItemResult {
  return { kind: 'item', row }
}

export const nothing: NothingResult = { kind: 'nothing' }

/** A result with its columns chosen, as renderers take it. */
export interface Sheet {
  readonly result: ListResult | ItemResult
  readonly rows: ListResult['rows']
  /** The columns to print of each row; undefined: all fields, which only structured formats support. */
  readonly columns: readonly string[] | undefined
  readonly style: Style
  readonly width: number | undefined
  readonly isTerminal: boolean
}
