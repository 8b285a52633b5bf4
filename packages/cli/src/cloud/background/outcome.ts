import { TyraxError, UsageError } from '@tyrax/sdk'
import { DataFolderUnusable, FolderTaken, ListenError } from '../../errors.js'
import { parseJson } from './record.js'

/** How the start of a background cloud ended, as one line of text for the command that started it. */
const classes = { TyraxError, UsageError, DataFolderUnusable, FolderTaken, ListenError } as const

export function successText(): string {
  return `${JSON.stringify({ ready: true })}\n`
}

export function failureText(error: unknown): string {
  const { message } = error instanceof Error ? error : { message: String(error) }
  const name = error instanceof Error && error.name in classes ? error.name : 'TyraxError'
  const hint = error instanceof TyraxError ? error.hint : undefined
  return `${JSON.stringify({ error: { name, message, hint } })}\n`
}

/** @returns what made the start fail; undefined when it succeeded */
export function readOutcome(text: string): TyraxError | undefined {
  const { ready, error } = (parseJson(text) ?? {}) as {
    readonly ready?: boolean
    readonly error?: { readonly name: keyof typeof classes; readonly message: string; readonly hint?: string }
  }
  if (ready === true) return undefined
  if (error === undefined) return new TyraxError('The embedded cloud ended while it was starting')
  return new classes[error.name](error.message, error.hint === undefined ? {} : { hint: error.hint })
}
