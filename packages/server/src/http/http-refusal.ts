import { Refusal, type RefusalKind } from '../refusal.js'

/** A refusal by a route, with the response headers that belong to it. */
export class HttpRefusal extends Refusal {
  override readonly name: string = 'HttpRefusal'
  readonly headers: Readonly<Record<string, string>>

  constructor(kind: RefusalKind, message: string, headers: Readonly<Record<string, string>>) {
    super(kind, message)
    this.headers = headers
  }
}

/** The status of each refusal. If a real service uses another one, its renderer overrides it. */
export const refusalStatuses: Readonly<Record<RefusalKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  gone: 410,
  'length-required': 411,
  'failed-condition': 412,
  'over-limit': 413,
  'too-many-conditions': 414,
  'unsupported-data': 415,
  'unsatisfiable-range': 416,
  mismatch: 422,
  'cut-short': 400,
  unexpected: 500,
  'no-room': 503,
  'storage-full': 507,
}

/** The response headers that belong to a refusal. */
export function headersOf(refusal: Refusal): Readonly<Record<string, string>> {
  return refusal instanceof HttpRefusal ? refusal.headers : {}
}
