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
    const lines = failures.map(({ what, message }) => `${what}: ${message}`)
    super(`${failures.length} of ${done + failures.length} failed. ${lines.join('; ')}`, options)
    this.failures = failures
  }
}
