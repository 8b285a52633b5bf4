/** The root of every error that tyrax throws on purpose. `name` is the class's; `cause` is kept. */
export class TyraxError extends Error {
  override readonly name: string = 'TyraxError'
  /** What the reader can do about it, where there is something to say. A call that leaves something behind adds to it. */
  declare hint: string | undefined
  /** What the failed call had made on the server and could not take away again. */
  declare leftBehind?: LeftBehind

  constructor(message: string, options?: ErrorOptions & { hint?: string | undefined }) {
    super(message, options)
    // What is not there is not shown, either, when an error is printed.
    if (options?.hint !== undefined) this.hint = options.hint
  }
}

/** Something on the server that outlived the call that made it. */
export interface LeftBehind {
  readonly imageId: string
  /** Why it could not be removed. */
  readonly cause: unknown
}

/** The caller asked for something that cannot be: a bad argument, a bad combination. Nothing was sent. */
export class UsageError extends TyraxError {
  override readonly name: string = 'UsageError'
}

/** Adds to what an error tells the user to do. */
export function addHint(error: unknown, text: string): void {
  if (error instanceof TyraxError) error.hint = error.hint ? `${error.hint}; ${text}` : text
}
