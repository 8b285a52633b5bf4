import { MalformedResponseError } from '../../errors/connection-errors.js'
import { readErrorText } from '../../http/read-body.js'
import { redactUrl } from '../../transport/redact.js'
import type { ResponseHeaders } from '../../errors/http-error.js'
import { type LoginContext, sendLogin } from '../send-login.js'

/** A request to an identity provider: a form, or without one a GET. */
export interface ProviderCall {
  readonly url: string
  readonly form?: Readonly<Record<string, string | undefined>> | undefined
  /** Authenticates the client (RFC 6749 section 2.3.1). */
  readonly client?: { readonly id: string; readonly secret: string } | undefined
}

export interface ProviderResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly method: 'GET' | 'POST'
  /** Without secrets, for messages. */
  readonly url: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** The fields of responses that are secret. */
const secretFields = ['access_token', 'refresh_token', 'id_token', 'device_code']

/** @throws MalformedResponseError for a successful response that is not a JSON object; ConnectionError */
export async function callProvider(
  context: LoginContext,
  { url, form, client }: ProviderCall,
  signal: AbortSignal,
): Promise<ProviderResponse> {
  const method = form === undefined ? 'GET' : 'POST'
  const body = form && { type: 'application/x-www-form-urlencoded', text: encoded(form) }
  const headers = client === undefined ? {} : { authorization: basic(client) }
  const { response } = await sendLogin(context, { method, url, body, headers }, signal)
  const text = await readErrorText(response.body, context.timeouts.responseTimeoutMs)
  const fields = objectIn(text)
  const { status } = response
  if (fields === undefined && status < 300) {
    throw new MalformedResponseError(`${method} ${redactUrl(url)} returned ${status} without a JSON object`, {
      status,
      requestId: undefined,
      method,
      url: redactUrl(url),
    })
  }
  for (const name of secretFields) {
    const value = fields?.[name]
    if (typeof value === 'string') context.secrets.add(value)
  }
  return { status, headers: response.headers, method, url: redactUrl(url), fields: fields ?? {} }
}

function encoded(form: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return new URLSearchParams(given).toString()
}

function basic({ id, secret }: { readonly id: string; readonly secret: string }): string {
  return `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
