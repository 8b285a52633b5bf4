import { ConnectionError, HttpError, TimeoutError, TyraxError } from '@tyrax/sdk'
import { inFlags } from '../failure/in-flags.js'

/** What one check found. */
export interface Finding {
  readonly check: string
  /** `skipped`: it needs something that another check did not find. */
  readonly status: 'ok' | 'warn' | 'fail' | 'skipped'
  readonly detail: string
  /** What to do about it. */
  readonly hint?: string | undefined
}

type Found = Omit<Finding, 'check'> | readonly Omit<Finding, 'check'>[]

/** Runs a check; what breaks in it is its finding, so that the others still run. */
export async function examine(
  check: string,
  signal: AbortSignal,
  look: () => Found | Promise<Found>,
): Promise<Finding[]> {
  try {
    const found = await look()
    return (Array.isArray(found) ? found : [found]).map((each: Omit<Finding, 'check'>) => ({ check, ...each }))
  } catch (error) {
    signal.throwIfAborted()
    return [failed(check, error)]
  }
}

export function ok(detail: string): Omit<Finding, 'check'> {
  return { status: 'ok', detail }
}

export function warn(detail: string, hint?: string): Omit<Finding, 'check'> {
  return { status: 'warn', detail, hint }
}

export function skipped(why: string): Omit<Finding, 'check'> {
  return { status: 'skipped', detail: why }
}

/** The finding of an error: names what is wrong, such as DNS, a refused connection, TLS or the password. */
export function failed(check: string, error: unknown): Finding {
  const hint = error instanceof TyraxError && error.hint !== undefined ? inFlags(error.hint) : undefined
  const said = error instanceof Error ? inFlags(error.message) : String(error)
  return { check, status: 'fail', detail: `${kindOf(error)}${said}`, hint }
}

const reasons: Readonly<Record<string, string>> = {
  dns: 'the host name is not known (DNS): ',
  refused: 'the connection was refused: ',
  tls: 'no trusted connection (TLS): ',
  proxy: 'the proxy failed: ',
  reset: 'the connection broke off: ',
}

function kindOf(error: unknown): string {
  if (error instanceof ConnectionError) return reasons[error.reason] ?? ''
  if (error instanceof TimeoutError) return 'no response in time: '
  return error instanceof HttpError ? `${error.status}: ` : ''
}
