import { type HttpErrorDetails, UnauthorizedError } from '../errors/http-error.js'
import type { TransportResponse } from '../transport/transport.js'

/** What Keystone returns for a login that was right, but not enough (keystone/receipt/handlers.py). */
export interface Receipt {
  readonly id: string
  /** The methods that were right. */
  readonly methods: readonly string[]
  /** Combinations of methods; any one of them is sufficient. */
  readonly required: readonly (readonly string[])[]
}

/** The login was right, and the user must also sign in with other methods. */
export class MoreMethodsRequired extends UnauthorizedError {
  readonly receipt: Receipt

  constructor(details: HttpErrorDetails, receipt: Receipt) {
    super(details)
    this.receipt = receipt
    Object.defineProperty(this, 'receipt', { enumerable: false })
  }
}

/** Undefined when the response has no receipt. */
export function receiptOf({ status, headers }: TransportResponse, text: string): Receipt | undefined {
  const id = headers.get('openstack-auth-receipt')
  if (status !== 401 || !id) return undefined
  try {
    const body = JSON.parse(text) as { receipt?: { methods?: unknown }; required_auth_methods?: unknown }
    const required = Array.isArray(body.required_auth_methods) ? body.required_auth_methods.map(texts) : []
    return { id, methods: texts(body.receipt?.methods), required }
  } catch {
    return undefined
  }
}

/** The methods that are still needed, for the combination that needs the fewest of those that `isPossible`. */
export function missingMethods(
  { methods, required }: Receipt,
  isPossible: (method: string) => boolean,
): readonly string[] | undefined {
  return required
    .map((rule) => rule.filter((method) => !methods.includes(method)))
    .filter((missing) => missing.length > 0 && missing.every(isPossible))
    .toSorted((one, other) => one.length - other.length)[0]
}

/** The methods in words: `password and totp, or application_credential`. */
export function methodsInWords(required: Receipt['required']): string {
  return required.map((rule) => rule.join(' and ')).join(', or ')
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}
