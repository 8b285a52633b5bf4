import { httpReasons } from '@tyrax/protocol'
import type { ResponseHeaders } from '../errors/http-error.js'
import type { TransportResponse } from '../transport/transport.js'
import type { Secrets } from './secrets.js'
import { bodyOfHtml, looksLikeHtml, stripHtml } from './strip-html.js'

/** The content of an error response. */
export interface ErrorBody {
  readonly message: string
  readonly code: string | undefined
  readonly requestId: string | undefined
  /** A proxy in front of the service responded, as far as can be detected. */
  readonly fromProxy: boolean
}

const longestMessage = 500

/**
 * Parses the error formats of the services and of the proxies in front of them: Glance's `{message, code, title}` with
 * HTML in it, Keystone's `{error: {message, code, title}}`, Nova's `{badRequest: {message}}`, HTML from Swift and
 * proxies, plain text.
 */
export function parseErrorBody(
  { status, headers }: Pick<TransportResponse, 'status' | 'headers'>,
  text: string,
  secrets: Pick<Secrets, 'hide'>,
): ErrorBody {
  const requestId = requestIdOf(headers, secrets)
  const words = (said: string) => clip(secrets.hide(stripHtml(said)))
  const reason = httpReasons[status] ?? 'error'
  const fields = jsonFields(text)
  if (fields) {
    const message = words(fields.message ?? fields.title ?? '')
    const code = fields.code ?? fields.title
    return {
      message: withoutMediaType(message, status) || `${status} ${reason}`,
      code: code === undefined ? undefined : words(code),
      requestId,
      fromProxy: false,
    }
  }
  const html = looksLikeHtml(text, headers.get('content-type'))
  const message = withoutMediaType(words(html ? (bodyOfHtml(text) ?? text) : withoutStatusLine(text, status)), status)
  return {
    message: message || `${status} ${reason}`,
    code: undefined,
    requestId,
    fromProxy: html && requestId === undefined,
  }
}

/** `x-openstack-request-id`, or Swift's `x-trans-id`. */
export function requestIdOf(headers: ResponseHeaders, secrets: Pick<Secrets, 'hide'>): string | undefined {
  const id = headers.get('x-openstack-request-id') ?? headers.get('x-trans-id') ?? headers.get('x-compute-request-id')
  return id === null ? undefined : clip(secrets.hide(id))
}

interface Fields {
  readonly message: string | undefined
  readonly code: string | undefined
  readonly title: string | undefined
}

function jsonFields(text: string): Fields | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  const own = record(parsed)
  if (!own) return undefined
  const inner =
    'message' in own
      ? own
      : (Object.values(own)
          .map(record)
          .find((value) => value && 'message' in value) ?? own)
  return { message: string(inner['message']), code: string(inner['code']), title: string(inner['title']) }
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

function string(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

/** webob's prefix of every reason for a 415. If a reason follows, the data was refused rather than its media type. */
function withoutMediaType(message: string, status: number): string {
  if (status !== 415) return message
  return message.replace(/^The request media type \S* ?is not supported by this server\.\s*/, '') || message
}

/** Glance's plain text errors begin with `409 Conflict` and an empty line. */
function withoutStatusLine(text: string, status: number): string {
  return text.replace(new RegExp(`^\\s*${status} [^\\n]*\\n+`), '')
}

function clip(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text
}
