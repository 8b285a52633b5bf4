import type { Context } from '../command/context.js'
import type { Completions } from './candidate.js'
import type { Known } from './known-names.js'
import type { Position, TypedLine } from './position.js'

/** What a value is needed for. */
export interface Needed {
  readonly context: Context
  readonly typed: TypedLine
  readonly position: Extract<Position, { kind: 'value' }>
  /** The value as far as it is typed. */
  readonly text: string
}

/** What could stand for a placeholder. */
export type Source = (needed: Needed) => Completions | Promise<Completions>

export const named = (values: readonly string[], description = ''): Completions => ({
  candidates: values.map((value) => ({ value, description })),
})

export const startsWith = (text: string) => (known: Known) => known.name.startsWith(text)

export const offered = (known: readonly Known[]): Completions => ({
  candidates: known.map(({ name, description }) => ({ value: name, description })),
})
