import { HttpError } from '../errors/http-error.js'
import { redactHeaders, redactUrl, shownUrl } from '../transport/redact.js'
import type { Transport, TransportRequest, TransportResponse } from '../transport/transport.js'
import { drain } from './read-body.js'
import { ignored, type Logger } from './logger.js'
import type { Secrets } from './secrets.js'

const mostRedirects = 5

/** Where an exchange is logged, and what the log must not contain. */
interface Discretion {
  readonly logger: Logger | undefined
  readonly secrets: Secrets
}

/** A request whose body can be created again if a redirect requires it. */
export interface ExchangeRequest extends Omit<TransportRequest, 'body'> {
  /** Undefined for no body. Called each time the request is sent. */
  readonly openBody: (() => TransportRequest['body']) | undefined
  readonly replayable: boolean
}

/**
 * Sends one attempt, logs it without secrets, and follows redirects within the same origin: GET and HEAD always, a
 * request with a body only on 307 and 308 and when the body can be sent again. A redirect that would send the token to
 * another origin is an error.
 */
export async function exchange(
  transport: Transport,
  request: ExchangeRequest,
  { logger, secrets }: Discretion,
): Promise<{ response: TransportResponse; url: URL }> {
  let url = request.url
  for (let hop = 0; ; hop += 1) {
    const { openBody, replayable: _, ...rest } = request
    const response = await logged(transport, { ...rest, url, body: openBody?.() }, logger)
    const location = response.headers.get('location')
    if (!redirects.has(response.status) || location === null) return { response, url }
    const next = redirectTarget(request, { from: url, location, secrets, hop }, response)
    await drain(response.body)
    url = next
  }
}

const redirects = new Set([301, 302, 303, 307, 308])

interface Redirect {
  readonly from: URL
  readonly location: string
  readonly secrets: Secrets
  readonly hop: number
}

function redirectTarget(
  request: ExchangeRequest,
  { from, location, secrets, hop }: Redirect,
  response: TransportResponse,
): URL {
  const fail = (why: string, hint?: string) =>
    new HttpError({
      status: response.status,
      message: `${request.method} ${redactUrl(from)} redirects to ${secrets.hide(shownUrl(location, from))}: ${why}`,
      method: request.method,
      url: redactUrl(from),
      headers: response.headers,
      hint,
    })
  if (!URL.canParse(location, from)) throw fail('that is not a URL')
  const to = new URL(location, from)
  if (to.origin !== from.origin) {
    throw fail(
      'the token is not taken to another origin',
      `if ${secrets.hide(to.origin)} is right, name it as the service's endpoint override or auth URL`,
    )
  }
  if (hop >= mostRedirects) throw fail(`more than ${mostRedirects} redirects`)
  if (request.method === 'GET' || request.method === 'HEAD') return to
  if (response.status !== 307 && response.status !== 308) throw fail(`only 307 and 308 keep a ${request.method}`)
  if (request.openBody && !request.replayable) throw fail('the data has been consumed and cannot be sent again')
  return to
}

async function logged(
  transport: Transport,
  request: TransportRequest,
  logger: Logger | undefined,
): Promise<TransportResponse> {
  if (!logger || logger.debug === ignored) return transport.send(request)
  const url = redactUrl(request.url)
  const headers = redactHeaders(Object.entries(request.headers))
  logger.debug(`${request.method} ${url}`, { method: request.method, url, headers })
  const began = performance.now()
  const elapsedMs = () => Math.round(performance.now() - began)
  try {
    const response = await transport.send(request)
    logger.debug(`${request.method} ${url} returned ${response.status}`, {
      method: request.method,
      url,
      status: response.status,
      headers: redactHeaders(response.headers),
      elapsedMs: elapsedMs(),
    })
    return response
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    logger.debug(`${request.method} ${url} failed: ${reason}`, { method: request.method, url, elapsedMs: elapsedMs() })
    throw error
  }
}
