import { TyraxError } from '@tyrax/sdk'

/** Another process runs a cloud in this folder. */
export class FolderTaken extends TyraxError {
  override readonly name: string = 'FolderTaken'
}

/** The folder holds other files, or its database is missing, damaged or of another version. Nothing was changed. */
export class DataFolderUnusable extends TyraxError {
  override readonly name: string = 'DataFolderUnusable'
}

/** Listening at the address failed. */
export class ListenError extends TyraxError {
  override readonly name: string = 'ListenError'
}

/** The command needs a token, and the cloud is used without one. */
export class AuthRequired extends TyraxError {
  override readonly name: string = 'AuthRequired'
}

/** Some of several operations succeeded and some failed. */
export class PartialFailure extends TyraxError {
  override readonly name: string = 'PartialFailure'
  readonly failures: readonly { readonly what: string; readonly message: string }[]

  constructor(done: number, failures: PartialFailure['failures'], options?: ErrorOptions) {
    const lines = failures.slice(0, mostShown).map(({ what, message }) => `${what}: ${message}`)
    const more = failures.length > mostShown ? `; and ${failures.length - mostShown} more` : ''
    super(`${failures.length} of ${done + failures.length} failed. ${lines.join('; ')}${more}`, options)
    this.failures = failures
  }
}

/** There is an object of this name already, with other bytes. Nothing was changed. */
export class ObjectExists extends TyraxError {
  override readonly name: string = 'ObjectExists'
}

const mostShown = 20
