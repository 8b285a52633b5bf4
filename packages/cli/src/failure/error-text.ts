import {
  DiskImageRefused,
  HttpError,
  IntegrityError,
  MalformedResponseError,
  NoUniqueMatch,
  TyraxError,
} from '@tyrax/sdk'
import { outcomeOf } from './exit-codes.js'
import { Stopped } from './stopped.js'
import { inFlags } from './in-flags.js'
import { jsonText, oneLine } from '../output/visible.js'
import type { Style } from '../output/style.js'

/**
 * Formats an error for people: what went wrong, then what to do about it.
 * @param again the command line that continues from here
 */
export function errorText(error: unknown, style: Style, again?: string): string {
  const lines = [`${style.red('error:')} ${oneLine(messageOf(error))}`]
  if (error instanceof HttpError && error.requestId) lines.push(style.dim(`request id: ${oneLine(error.requestId)}`))
  const left = leftOf(error)
  if (left)
    lines.push(
      `${style.bold('left behind:')} the image ${oneLine(left)}, which could not be deleted; later: tyrax rm ${oneLine(left)}`,
    )
  const hint = hintOf(error)
  if (hint) lines.push(`${style.bold('hint:')} ${oneLine(hint)}`)
  if (again !== undefined) lines.push(`${style.bold('again:')} ${oneLine(again)}`)
  return `${lines.join('\n')}\n`
}

/** Formats an error for scripts: one object on one line. */
export function errorJson(error: unknown, again?: string): string {
  const isHttp = error instanceof HttpError
  const described = {
    code: outcomeOf(error),
    name: error instanceof Error ? error.name : 'Error',
    message: messageOf(error),
    status: isHttp || error instanceof MalformedResponseError ? error.status : null,
    requestId: (isHttp || error instanceof MalformedResponseError ? error.requestId : undefined) ?? null,
    retryable: isHttp ? error.retryable : outcomeOf(error) === 'network',
    hint: hintOf(error) ?? null,
    ...(leftOf(error) === undefined ? {} : { leftBehind: leftOf(error) }),
    ...(error instanceof IntegrityError ? { verdict: 'mismatch' } : {}),
    ...(error instanceof DiskImageRefused ? { problems: error.problems } : {}),
    ...(again !== undefined || error instanceof Stopped ? { again: again ?? null } : {}),
    ...(error instanceof NoUniqueMatch ? { candidates: error.candidates } : {}),
  }
  return `${jsonText({ error: described })}\n`
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return inFlags(error.message || error.name)
}

/** The id of an image that a failed command created. */
function leftOf(error: unknown): string | undefined {
  return error instanceof TyraxError ? error.leftBehind?.imageId : undefined
}

function hintOf(error: unknown): string | undefined {
  return error instanceof TyraxError && error.hint !== undefined ? inFlags(error.hint) : undefined
}

/** An error that no command expected: a bug of ours. */
export function crashText(error: unknown, { withStack }: { readonly withStack: boolean }): string {
  const lines = [
    `error: tyrax itself failed: ${oneLine(messageOf(error))}`,
    withStack && error instanceof Error
      ? (error.stack ?? '')
      : 'hint: run it again with --debug to see where; please report it',
  ]
  return `${lines.join('\n')}\n`
}
