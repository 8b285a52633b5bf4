import type { Session } from '../auth/session.js'
import type { TokenGrant } from '../auth/token-grant.js'
import type { ServiceProfile } from '../catalog/service-root.js'
import { ConnectionError } from '../errors/connection-errors.js'
import { errorFromStatus, type HttpError } from '../errors/http-error.js'
import { retryDelay } from '../retry/delay.js'
import { policies, type RetryPolicy } from '../retry/policies.js'
import { sleep } from '../retry/sleep.js'
import { throwIfAborted } from '../transport/aborting.js'
import { redactUrl } from '../transport/redact.js'
import type { Timeouts, Transport, TransportRequest, TransportResponse } from '../transport/transport.js'
import { parseErrorBody } from '../http/error-body.js'
import { exchange, type ExchangeRequest } from '../http/exchange.js'
import type { Logger } from '../http/logger.js'
import { drain, readErrorText, type BodyBounds } from '../http/read-body.js'
import { newRequestId } from '../http/request-id.js'
import { withRepeatedRead } from './repeated-read.js'
import type { Secrets } from '../http/secrets.js'
import type { ServiceClient, ServiceRequest } from './service-client.js'
import type { ServiceResponse } from '../http/service-response.js'
import { createServiceResponse } from '../http/service-response.js'

/** What a {@link ServiceClient} needs. */
export interface ServiceClientParts {
  readonly profile: ServiceProfile
  readonly transport: Transport
  readonly session: Session
  /** The versioned root for a grant, from an override or the catalogue. */
  readonly root: (grant: TokenGrant) => string
  readonly retry: RetryPolicy
  readonly timeouts: Timeouts
  readonly userAgent: string
  readonly secrets: Secrets
  readonly logger: Logger | undefined
  /** Explains a failed connection if the configuration shows the reason. */
  readonly connectionHint?: ((root: string) => string | undefined) | undefined
}

/** A page of a thousand images with all possible properties. */
const longestBody = 64 * 1024 * 1024

function boundsOf({ timeouts }: ServiceClientParts, request: ServiceRequest): BodyBounds {
  return { bytes: longestBody, ms: request.timeouts?.responseTimeoutMs ?? timeouts.responseTimeoutMs }
}

/** The pipeline: retries outermost, with one renewal of a refused token; in each attempt logging, auth, transport. */
export function createServiceClient(parts: ServiceClientParts): ServiceClient {
  return {
    request: (request) => requestWithRetries(parts, request),
    endpoint: async () => parts.root(await parts.session.grant()),
    wholeBodies: parts.transport.wholeBodies,
  }
}

async function requestWithRetries(
  parts: ServiceClientParts,
  request: ServiceRequest,
  failuresBefore = 0,
): Promise<ServiceResponse> {
  const policy: RetryPolicy = { ...parts.retry, ...definedOnly(request.retry) }
  const repeatable = request.body?.replayable ?? true
  let renewed = false
  let refused: TokenGrant | undefined
  for (let attempt = failuresBefore + 1, failures = failuresBefore; ; attempt += 1) {
    throwIfAborted(request.signal)
    const grant = refused
      ? await parts.session.renew(refused, request.signal)
      : await parts.session.grant(request.signal)
    refused = undefined
    request.onAttempt?.(attempt)
    const outcome = await attemptOnce(parts, request, grant)
    if (outcome.response) {
      const { response, url } = outcome
      if (isAnswer(response.status, request)) {
        const answer = createServiceResponse(response, {
          method: request.method,
          url,
          secrets: parts.secrets,
          bounds: boundsOf(parts, request),
        })
        if (!policy.methods.includes(request.method)) return answer
        return withRepeatedRead(answer, (error) => askAgain(parts, request, policy, { error, failures: failures + 1 }))
      }
      if (response.status === 401 && !renewed && grant.token !== undefined && repeatable) {
        await drain(response.body)
        renewed = true
        refused = grant
        continue
      }
    }
    failures += 1
    const delay =
      repeatable && mayRepeat(outcome, policy, request.method) ? delayOf(outcome, policy, failures) : undefined
    if (delay === undefined) throw outcome.response ? await httpError(parts, request, outcome, grant) : outcome.error
    if (outcome.response) await drain(outcome.response.body)
    parts.logger?.info(`${request.method} ${request.path} is tried again in ${Math.round(delay)} ms`, {
      attempt: attempt + 1,
    })
    await sleep(delay, request.signal)
  }
}

async function askAgain(
  parts: ServiceClientParts,
  request: ServiceRequest,
  policy: RetryPolicy,
  last: { readonly error: unknown; readonly failures: number },
): Promise<ServiceResponse> {
  const repeatable = request.body?.replayable ?? true
  const delay = repeatable ? delayOf({ error: last.error }, policy, last.failures) : undefined
  if (delay === undefined) throw last.error
  await sleep(delay, request.signal)
  return requestWithRetries(parts, request, last.failures)
}

type Outcome =
  | { readonly response: TransportResponse; readonly url: URL; readonly error?: undefined }
  | { readonly response?: undefined; readonly error: unknown }

async function attemptOnce(parts: ServiceClientParts, request: ServiceRequest, grant: TokenGrant): Promise<Outcome> {
  const root = parts.root(grant)
  try {
    return await exchange(parts.transport, toExchange(parts, request, grant, root), parts)
  } catch (error) {
    return { error: withHint(error, parts.connectionHint?.(root)) }
  }
}

function toExchange(
  parts: ServiceClientParts,
  request: ServiceRequest,
  grant: TokenGrant,
  root: string,
): ExchangeRequest {
  const { body: openBody, contentType } = bodyOf(request, parts.transport)
  return {
    method: request.method,
    url: urlOf(root, request),
    headers: {
      ...(parts.profile.accept === undefined ? {} : { accept: parts.profile.accept }),
      // A compressed response would hide the length and the bytes of an image (glance's optional gzip middleware).
      'accept-encoding': 'identity',
      'user-agent': parts.userAgent,
      'x-openstack-request-id': newRequestId(),
      ...(grant.token === undefined ? {} : { 'x-auth-token': grant.token }),
      ...(grant.authorization === undefined ? {} : { authorization: grant.authorization }),
      ...(contentType === undefined ? {} : { 'content-type': contentType }),
      ...request.headers,
    },
    timeouts: { ...parts.timeouts, ...definedOnly(request.timeouts) },
    keepEncoding: request.keepEncoding,
    isGathered: request.isGathered,
    signal: request.signal,
    openBody,
    replayable: request.body?.replayable ?? true,
  }
}

function urlOf(root: string, request: ServiceRequest): URL {
  const url = new URL(root + request.path)
  const query = (request.query ?? []).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  if (query.length > 0) url.search = query.join('&')
  return url
}

function bodyOf(
  request: ServiceRequest,
  { reuse }: Transport,
): { body: ExchangeRequest['openBody']; contentType: string | undefined } {
  const { body: source, json, contentType, onChunk, signal } = request
  if (source) {
    const open = (): TransportRequest['body'] => {
      const stream = source.open({ reuse, signal })
      return { stream: onChunk ? tapped(stream, onChunk) : stream, size: source.size, blob: source.blob }
    }
    return { body: open, contentType: contentType ?? 'application/octet-stream' }
  }
  if (json === undefined) return { body: undefined, contentType }
  const text = JSON.stringify(json)
  return { body: () => text, contentType: contentType ?? 'application/json' }
}

async function* tapped(
  stream: AsyncIterable<Uint8Array>,
  onChunk: NonNullable<ServiceRequest['onChunk']>,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of stream) {
    await onChunk(chunk)
    yield chunk
  }
}

function isAnswer(status: number, request: ServiceRequest): boolean {
  return (status >= 200 && status < 300) || (request.accept?.includes(status) ?? false)
}

function mayRepeat(outcome: Outcome, policy: RetryPolicy, method: string): boolean {
  if (!policy.methods.includes(method)) return false
  if (outcome.response) return policy.statuses.includes(outcome.response.status)
  return policies.request.isWorthRetrying(outcome.error)
}

function delayOf(outcome: Outcome, policy: RetryPolicy, attempt: number): number | undefined {
  const retryAfter = outcome.response?.headers.get('retry-after')
  return retryDelay(policy, { attempt, retryAfter, now: Date.now(), random: Math.random() })
}

async function httpError(
  parts: ServiceClientParts,
  request: ServiceRequest,
  outcome: Extract<Outcome, { response: TransportResponse }>,
  grant: TokenGrant,
): Promise<HttpError> {
  const { response, url } = outcome
  const text = await readErrorText(response.body, boundsOf(parts, request).ms)
  const { fromProxy, ...said } = parseErrorBody(response, text, parts.secrets)
  const missing =
    response.status === 404 && !fromProxy ? parts.profile.missing?.(request.path, request.method) : undefined
  return errorFromStatus({
    ...said,
    ...(missing !== undefined && { message: missing }),
    status: response.status,
    method: request.method,
    url: redactUrl(url),
    headers: response.headers,
    hint: fromProxy ? proxyHint(parts, response) : statusHint(response.status, request, grant),
  })
}

function proxyHint(parts: ServiceClientParts, response: TransportResponse): string {
  const server = response.headers.get('server')
  return `this is not a response of the ${parts.profile.name} service but of ${server ? `a ${parts.secrets.hide(server)}` : 'a proxy'} in front of it`
}

function statusHint(status: number, request: ServiceRequest, grant: TokenGrant): string | undefined {
  if (status === 403) {
    const project = grant.projectName ?? grant.projectId
    const where = project === undefined ? 'there' : `in the project ${project}`
    return `you are signed in, but your roles ${where} do not allow this, or it belongs to another project`
  }
  if (status === 415 && request.body) {
    return 'the server refused the data, not the request: it does not have the image’s disk format, or its format is not allowed; inspect it, and create the image with its actual format'
  }
  if (status !== 401) return undefined
  if (grant.token === undefined) return 'the service requires a token: configure credentials'
  if (request.body && !request.body.replayable) return 'the data was consumed and cannot be sent again with a new token'
  return 'a new token was refused too: does this service trust this Keystone?'
}

function withHint(error: unknown, hint: string | undefined): unknown {
  if (hint === undefined || !(error instanceof ConnectionError)) return error
  const { reason, method, url, message } = error
  return new ConnectionError(
    message,
    { reason, method, url, hint: error.hint ? `${error.hint}; ${hint}` : hint },
    { cause: error },
  )
}

/** Removes keys with undefined values, which would replace a default. */
function definedOnly<T extends object>(values: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>
}
