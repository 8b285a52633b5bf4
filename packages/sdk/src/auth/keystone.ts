import { withoutLastSlashes } from '../catalog/service-root.js'
import { ConfigError } from '../errors/config-errors.js'
import { errorFromStatus } from '../errors/http-error.js'
import { parseErrorBody } from '../http/error-body.js'
import { type BodyBounds, readErrorText } from '../http/read-body.js'
import { newRequestId } from '../http/request-id.js'
import { createServiceResponse, type ServiceResponse } from '../http/service-response.js'
import { redactUrl, shownUrl } from '../transport/redact.js'
import { identityUrl } from './identity-url.js'
import { MoreMethodsRequired, receiptOf } from './receipt.js'
import { type LoginContext, type LoginRequest, sendLogin, sendOnce } from './send-login.js'

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

const boundsOf = ({ timeouts }: LoginContext): BodyBounds => ({
  bytes: longestToken,
  ms: timeouts.responseTimeoutMs,
})

/**
 * Calls Keystone v3. Logging in changes nothing on the server, so it is repeated like a GET. The exception is a server
 * that does not respond at all: usually the auth URL is wrong, so this is reported at once.
 * @throws HttpError, ConnectionError; ConfigError when the auth URL does not lead to Keystone v3
 */
export async function callKeystone(context: LoginContext, call: KeystoneCall): Promise<ServiceResponse> {
  const { secrets } = context
  const { root, v3 } = identityUrl(call.authUrl)
  for (let base = v3, discovered = false; ;) {
    const { response, url } = await sendLogin(context, requestOf(call, `${base}${call.path}`), call.signal)
    if (response.status < 300)
      return createServiceResponse(response, {
        method: call.method,
        url,
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
    const details = {
      ...said,
      status: response.status,
      method: call.method,
      url: redactUrl(url),
      headers: response.headers,
      hint: hintFor(response.status, fromProxy, call),
    }
    const receipt = receiptOf(response, text)
    throw receipt ? new MoreMethodsRequired(details, receipt) : errorFromStatus(details)
  }
}

function requestOf({ method, headers, json }: KeystoneCall, url: string): LoginRequest {
  const body = json === undefined ? undefined : { type: 'application/json', text: JSON.stringify(json) }
  return { method, url, headers: { 'x-openstack-request-id': newRequestId(), ...headers }, body }
}

function hintFor(status: number, fromProxy: boolean, { authUrl, whenRefused }: KeystoneCall): string | undefined {
  if (fromProxy || status === 404) return `is ${shownUrl(authUrl)} the address of Keystone?`
  return status === 401 ? whenRefused : undefined
}

/** A 404 that Keystone itself returns for a token or project is a valid response, and no sign of a wrong URL. */
function requestIsForVersion(text: string): boolean {
  return !/"error"\s*:/.test(text) || /could not be found|No API found/i.test(text)
}

/**
 * Looks for v3 in the version document at the root. Only the path of the advertised URL is used, on the configured
 * origin: behind proxies the advertised host is often wrong, and a password must only be sent to a host that the
 * configuration names.
 */
async function discoverV3(
  context: LoginContext,
  root: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { response } = await sendOnce(context, { method: 'GET', url: `${root}/` }, signal)
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
