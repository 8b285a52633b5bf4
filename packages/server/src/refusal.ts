/** Why a request is refused. The HTTP layer of each service turns it into a status and the real service's message. */
export type RefusalKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'not-acceptable'
  | 'conflict'
  | 'gone'
  | 'length-required'
  | 'failed-condition'
  | 'over-limit'
  | 'too-many-conditions'
  | 'unsupported-data'
  | 'unsatisfiable-range'
  | 'mismatch'
  | 'cut-short'
  | 'unexpected'
  | 'no-room'
  | 'storage-full'

/** Thrown by a service that refuses a request. The message is safe to show to the caller. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
  readonly kind: RefusalKind

  /** @param message empty: the real service's default message for the status, if it has one */
  constructor(kind: RefusalKind, message = '', options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
