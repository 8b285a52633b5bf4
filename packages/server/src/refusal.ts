/** Why a request is refused. The HTTP edge of each service turns it into a status and its real service's words. */
export type RefusalKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
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

/** What a service throws when it does not do what was asked. Its message is safe to show to the caller. */
export class Refusal extends Error {
  override readonly name: string = 'Refusal'
  readonly kind: RefusalKind

  /** @param message empty: the sentence that the real service has for the status, where it has one */
  constructor(kind: RefusalKind, message = '', options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
