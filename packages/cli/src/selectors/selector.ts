import type { Field } from './fields.js'

/** How a field is compared. */
export const operators = ['!=', '!~', '<=', '>=', '=', '~', '<', '>'] as const
export type Operator = (typeof operators)[number]

/** A moment, or a span such as a day: from its first millisecond up to, but without, `to`. */
export interface Span {
  readonly from: number
  readonly to: number
  /** How long before now it is, as the user wrote it: `30d`. */
  readonly age?: string
}

/** One condition: any of the values for `=` and `~`, none of them for `!=` and `!~`. */
export interface Term {
  /** As the user wrote it. */
  readonly text: string
  readonly field: Field
  readonly operator: Operator
  readonly values: readonly TermValue[]
}

/** What a field is compared with: text, also patterns; a number; true or false; a time. */
export type TermValue = string | number | boolean | Span

/** Conditions that must all hold. */
export interface Selector {
  readonly text: string
  readonly terms: readonly Term[]
}
