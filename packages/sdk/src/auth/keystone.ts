import { withoutLastSlashes } from '../catalog/service-root.js'
import { ConfigError } from '../errors/config-errors.js'
import { errorFromStatus } from '../errors/http-error.js'
import { parseErrorBody } from '../http/error-body.js'
import { exchange } from '../http/exchange.js'
import type { Logger } from '../http/logger.js'
import { type BodyBounds, drain, readErrorText } from '../http/read-body.js'
import { newRequestId } from '../http/request-id.js'
import type { Secrets } from '../http/secrets.js'
import { createServiceResponse, type ServiceResponse } from '../http/service-response.js'
import { retryDelay } from '../retry/delay.js'
import { policies, type RetryPolicy } from '../retry/policies.js'
import { sleep } from '../retry/sleep.js'
import { redactUrl, shownUrl } from '../transport/redact.js'
import type { Timeouts, Transport } from '../transport/transport.js'
import { identityUrl } from './identity-url.js'

/** What calls to Keystone need. */
export interface KeystoneContext {
  readonly transport: Transport
  readonly timeouts: Timeouts
  readonly retry: RetryPolicy
  readonly logger: Logger | undefined
  readonly userAgent: string
  readonly secrets: Secrets
}

/** One call to the identity service, below its v3 root. */
export interface KeystoneCall {
  readonly authUrl: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly json?: unknown
  readonly signal?: AbortSignal | undefined
  /** A hint for a 401: for security, Keystone itself does not report the reason. */
  readonly whenRefused?: string | undefined
}

/** Ten times the size of a token with the catalogue of a cloud of many regions. */
const longestToken = 1024 * 1024

const boundsOf = ({ timeouts }: KeystoneContext): BodyBounds => ({
  bytes: longestToken,
  ms: timeouts.responseTimeoutMs,
})

/**
 * Calls Keystone v3. Logging in changes nothing on the server, so it is repeated like a GET. The exception is a server
 * that does not respond at all: usually the auth URL is wrong, so this is reported at once.
 * @throws HttpError, ConnectionError; ConfigError when the auth URL does not lead to Keystone v3
 */
export async function callKeystone(context: KeystoneContext, call: KeystoneCall): Promise<ServiceResponse> {
  const { secrets } = context
  const { root, v3 } = identityUrl(call.authUrl)
  for (let base = v3, discovered = false; ;) {
    const { response, url } = await withRetries(context, call, `${base}${call.path}`)
    if (response.status < 300)
      return createServiceResponse(response, {
        method: call.method,
        url: redactUrl(url),
        secrets,
        bounds: boundsOf(context),
      })
    const text = await readErrorText(response.body, context.timeouts.responseTimeoutMs)
    if (response.status === 404 && !discovered && requestIsForVersion(text)) {
      discovered = true
      const other = await discoverV3(context, root, call.signal)
      if (other !== undefined && other !== base) {
        base = other
        continue
      }
    }
    const { fromProxy, ...said } = parseErrorBody(response, text, secrets)
    throw errorFromStatus({
      ...said,
      status: response.status,
      method: call.method,
      url: redactUrl(url),
      headers: response.headers,
      hint: hintFor(response.status, fromProxy, call),
    })
  }
}

function hintFor(status: number, fromProxy: boolean, { authUrl, whenRefused }: KeystoneCall): string | undefined {
  if (fromProxy || status === 404) return `is ${shownUrl(authUrl)} the address of Keystone?`
  return status === 401 ? whenRefused : undefined
}

/** A 404 that Keystone itself returns for a token or project is a valid response, and no sign of a wrong URL. */
function requestIsForVersion(text: string): boolean {
  return !/"error"\s*:/.test(text) || /could not be found|No API found/i.test(text)
}

async function withRetries(context: KeystoneContext, call: KeystoneCall, url: string) {
  for (let attempt = 1; ; attempt += 1) {
    const wait = (retryAfter: string | null) =>
      retryDelay(context.retry, { attempt, retryAfter, now: Date.now(), random: Math.random() })
    try {
      const answer = await sendOnce(context, call, url)
      if (!context.retry.statuses.includes(answer.response.status)) return answer
      const delay = wait(answer.response.headers.get('retry-after'))
      if (delay === undefined) return answer
      await drain(answer.response.body)
      await sleep(delay, call.signal)
    } catch (error) {
      const delay = policies.login.isWorthRetrying(error) ? wait(null) : undefined
      if (delay === undefined) throw error
      await sleep(delay, call.signal)
    }
  }
}

function sendOnce(context: KeystoneContext, call: KeystoneCall, url: string) {
  const body = call.json === undefined ? undefined : JSON.stringify(call.json)
  return exchange(
    context.transport,
    {
      method: call.method,
      url: new URL(url),
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': context.userAgent,
        'x-openstack-request-id': newRequestId(),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      timeouts: context.timeouts,
      signal: call.signal,
      openBody: body === undefined ? undefined : () => body,
      replayable: true,
    },
    context,
  )
}

/**
 * Looks for v3 in the version document at the root. Only the path of the advertised URL is used, on the configured
 * origin: behind proxies the advertised host is often wrong, and a password must only be sent to a host that the
 * configuration names.
 */
async function discoverV3(
  context: KeystoneContext,
  root: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const call: KeystoneCall = { authUrl: root, method: 'GET', path: '', signal }
  const { response } = await sendOnce(context, call, `${root}/`)
  const text = await readErrorText(response.body, context.timeouts.responseTimeoutMs)
  const versions = parseVersions(text)
  if (versions.length === 0) return undefined
  const v3 = versions.find((version) => version.id.startsWith('v3'))
  if (!v3) {
    throw new ConfigError(
      `the identity service at ${root} offers ${versions.map((version) => version.id).join(', ')}, but not v3`,
      { hint: 'Identity API v2.0 was removed from OpenStack in 2018 and is not supported' },
    )
  }
  if (v3.href === undefined || !URL.canParse(v3.href, root)) return undefined
  return `${new URL(root).origin}${withoutLastSlashes(new URL(v3.href, root).pathname)}`
}

function parseVersions(text: string): { id: string; href: string | undefined }[] {
  try {
    const body = JSON.parse(text) as { versions?: { values?: unknown } | unknown[] }
    const values = Array.isArray(body.versions) ? body.versions : body.versions?.values
    if (!Array.isArray(values)) return []
    return (values as { id?: unknown; links?: { rel?: string; href?: unknown }[] }[]).map((version) => {
      const href = version.links?.find((link) => link.rel === 'self')?.href
      return { id: String(version.id), href: typeof href === 'string' ? href : undefined }
    })
  } catch {
    return []
  }
}
