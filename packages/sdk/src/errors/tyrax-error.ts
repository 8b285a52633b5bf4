/** The base class of all errors that tyrax throws deliberately. `name` is that of the class; `cause` is kept. */
export class TyraxError extends Error {
  override readonly name: string = 'TyraxError'
  /** What the reader can do about it, if anything. A call that leaves something on the server adds to it. */
  declare hint: string | undefined
  /** What the failed call had created on the server and could not remove. */
  declare leftBehind?: LeftBehind

  constructor(message: string, options?: ErrorOptions & { hint?: string | undefined }) {
    super(message, options)
    // Set only when present, so that a printed error does not show an undefined hint.
    if (options?.hint !== undefined) this.hint = options.hint
  }
}

/** Something that the failed call created and that still exists on the server. */
export interface LeftBehind {
  readonly imageId: string
  /** Why it could not be removed. */
  readonly cause: unknown
}

/** The caller passed an invalid argument or combination of arguments. Nothing was sent. */
export class UsageError extends TyraxError {
  override readonly name: string = 'UsageError'
}

/** Appends to the hint of an error. */
export function addHint(error: unknown, text: string): void {
  if (error instanceof TyraxError) error.hint = error.hint ? `${error.hint}; ${text}` : text
}
