import { orAborted } from '../transport/aborting.js'
import { CloudClosedError } from '../errors/connection-errors.js'
import type { TokenGrant } from './token-grant.js'

/** The token of one identity and scope, shared by all callers. */
export interface Session {
  /** A grant that stays valid for a while, requested or renewed if needed. Concurrent callers share one request. */
  grant(signal?: AbortSignal): Promise<TokenGrant>
  /** A grant other than the one that was refused. */
  renew(refused: TokenGrant, signal?: AbortSignal): Promise<TokenGrant>
  /** The newest grant, valid or not. */
  readonly current: TokenGrant | undefined
  close(): void
}

/** How a {@link Session} obtains and stores grants. */
export interface SessionOptions {
  /** `previous`: the grant to replace. */
  readonly authenticate: (signal: AbortSignal, previous: TokenGrant | undefined) => Promise<TokenGrant>
  readonly load?: (() => Promise<TokenGrant | undefined>) | undefined
  readonly save?: ((grant: TokenGrant) => Promise<void>) | undefined
  readonly now?: (() => number) | undefined
}

/** A token is renewed when less than this time is left, so that a request that has to queue still arrives in time. */
const marginMs = 120_000

export function createSession(options: SessionOptions): Session {
  const now = options.now ?? Date.now
  const closing = new AbortController()
  let current: { grant: TokenGrant; renewAt: number } | undefined
  let pending: Promise<TokenGrant> | undefined

  const keep = (grant: TokenGrant) => {
    // Otherwise a token with a lifetime shorter than the margin would be renewed for every request.
    const margin = Math.min(marginMs, ((grant.expiresAt ?? 0) - now()) / 5)
    current = { grant, renewAt: grant.expiresAt === undefined ? Number.POSITIVE_INFINITY : grant.expiresAt - margin }
    return grant
  }
  const fetchNew = async () => {
    const grant = keep(await options.authenticate(closing.signal, current?.grant))
    await options.save?.(grant)
    return grant
  }
  const first = async () => {
    const kept = await options.load?.()
    const fresh = kept && (kept.expiresAt === undefined || kept.expiresAt - marginMs > now())
    return fresh ? keep(kept) : fetchNew()
  }
  // Not bound to any caller's signal: a caller that aborts must not end the renewal that others wait for.
  const single = (start: () => Promise<TokenGrant>, signal: AbortSignal | undefined) => {
    pending ??= start().finally(() => {
      pending = undefined
    })
    return orAborted(pending, signal)
  }
  return {
    grant(signal) {
      if (closing.signal.aborted) return Promise.reject(new CloudClosedError())
      if (current && now() < current.renewAt) return Promise.resolve(current.grant)
      return single(current ? fetchNew : first, signal)
    },
    renew(refused, signal) {
      if (closing.signal.aborted) return Promise.reject(new CloudClosedError())
      if (current && current.grant.token !== refused.token) return Promise.resolve(current.grant)
      return single(fetchNew, signal)
    },
    get current() {
      return current?.grant
    },
    close: () => closing.abort(new CloudClosedError()),
  }
}
