import { exchange } from '../http/exchange.js'
import type { Logger } from '../http/logger.js'
import { drain } from '../http/read-body.js'
import type { Secrets } from '../http/secrets.js'
import { retryDelay } from '../retry/delay.js'
import { policies, type RetryPolicy } from '../retry/policies.js'
import { sleep } from '../retry/sleep.js'
import type { Timeouts, Transport, TransportResponse } from '../transport/transport.js'

/** What the requests of a login need. */
export interface LoginContext {
  readonly transport: Transport
  readonly timeouts: Timeouts
  readonly retry: RetryPolicy
  readonly logger: Logger | undefined
  readonly userAgent: string
  readonly secrets: Secrets
}

/** A request to Keystone or to an identity provider. */
export interface LoginRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: { readonly type: string; readonly text: string } | undefined
}

interface Sent {
  readonly response: TransportResponse
  readonly url: URL
}

/** Sends a request that changes nothing that matters on the server, so it is repeated like a GET. */
export async function sendLogin(
  context: LoginContext,
  request: LoginRequest,
  signal: AbortSignal | undefined,
): Promise<Sent> {
  for (let attempt = 1; ; attempt += 1) {
    const wait = (retryAfter: string | null) =>
      retryDelay(context.retry, { attempt, retryAfter, now: Date.now(), random: Math.random() })
    try {
      const answer = await sendOnce(context, request, signal)
      if (!context.retry.statuses.includes(answer.response.status)) return answer
      const delay = wait(answer.response.headers.get('retry-after'))
      if (delay === undefined) return answer
      await drain(answer.response.body)
      await sleep(delay, signal)
    } catch (error) {
      const delay = policies.login.isWorthRetrying(error) ? wait(null) : undefined
      if (delay === undefined) throw error
      await sleep(delay, signal)
    }
  }
}

export function sendOnce(
  context: LoginContext,
  { method, url, headers, body }: LoginRequest,
  signal: AbortSignal | undefined,
): Promise<Sent> {
  return exchange(
    context.transport,
    {
      method,
      url: new URL(url),
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': context.userAgent,
        ...(body === undefined ? {} : { 'content-type': body.type }),
        ...headers,
      },
      timeouts: context.timeouts,
      signal,
      openBody: body === undefined ? undefined : () => body.text,
      replayable: true,
    },
    context,
  )
}
