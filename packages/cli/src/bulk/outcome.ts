import { HttpError, type Image, NoMatchError, TyraxError } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { PartialFailure } from '../errors.js'
import { outcomeOf } from '../failure/exit-codes.js'
import { inFlags } from '../failure/in-flags.js'
import { item, list, nothing, type Result, type Row } from '../output/result.js'
import { imageRow } from '../resources/image.js'

/** What became of one image. */
export interface Outcome {
  readonly reference: string
  /** Absent when it was not found. */
  readonly image?: Image
  readonly result: 'planned' | 'protected' | 'done' | 'skipped' | 'failed'
  readonly error?: unknown
  /** What is printed of it. @default the image's own record */
  readonly row?: Row | undefined
}

interface How {
  readonly action: string
  readonly hasSelector: boolean
  readonly isPlan: boolean
  readonly ifExists?: boolean
  readonly prints: 'item' | 'asked'
}

const columns = ['id', 'name', 'status', 'created_at', 'action', 'result'] as const

/**
 * The records of all, and the error if some failed.
 * @throws the error itself when only one image was named
 */
export function resultOf(context: Context, all: readonly Outcome[], how: How): Result {
  const outcomes = all.filter((outcome) => !isAbsent(context, outcome, how))
  const failures = outcomes.filter(({ result }) => result === 'failed')
  const isSingle = !how.hasSelector && all.length === 1
  const [first] = failures
  if (isSingle && first) throw first.error
  const [only] = outcomes
  if (isSingle && how.prints === 'item' && !how.isPlan && only?.image) {
    // Not every record has the image's id under this name.
    return item(context.globals.format === 'id' ? { id: only.image.id } : (only.row ?? imageRow(only.image)))
  }
  const failure = first && partialFailure(outcomes.length, failures, first.error)
  const { format, column = [] } = context.globals
  const isRequested = format !== undefined || column.length > 0
  const isPrinted = isRequested || (outcomes.length > 0 && (how.prints === 'item' || how.isPlan))
  const result = isPrinted
    ? list(
        outcomes.map((outcome) => rowOf(outcome, how.action)),
        columns,
      )
    : nothing
  return failure === undefined ? result : { ...result, failure }
}

function isAbsent(context: Context, { reference, error }: Outcome, { ifExists }: How): boolean {
  if (!ifExists || !(error instanceof NoMatchError)) return false
  context.note(`${reference} does not exist`)
  return true
}

function rowOf({ reference, image, row, result, error }: Outcome, action: string): Row {
  const known = image ? { id: image.id, name: image.name, ...(row ?? imageRow(image)) } : { id: null, name: reference }
  return { ...known, action, result, ...(error === undefined ? {} : { error: errorRow(error) }) }
}

function errorRow(error: unknown): Row {
  return {
    code: outcomeOf(error),
    message: messageOf(error),
    hint: error instanceof TyraxError && error.hint !== undefined ? inFlags(error.hint) : null,
    status: error instanceof HttpError ? error.status : null,
    request_id: error instanceof HttpError ? (error.requestId ?? null) : null,
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? inFlags(error.message) : String(error)
}

/** With one image that was selected, there is no success to be partial to; scripts know one code for selections. */
function partialFailure(count: number, failures: readonly Outcome[], cause: unknown): PartialFailure {
  const said = failures.map(({ reference, image, error }) => ({
    what: image?.id ?? reference,
    message: messageOf(error),
  }))
  const failure = new PartialFailure(count - failures.length, said, { cause })
  const hints = new Set(failures.flatMap(({ error }) => (error instanceof TyraxError ? (error.hint ?? []) : [])))
  if (hints.size > 0 && hints.size <= mostHints) failure.hint = [...hints].join('; ')
  return failure
}
const mostHints = 3
