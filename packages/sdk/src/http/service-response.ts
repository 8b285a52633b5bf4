import { MalformedResponseError, TimeoutError } from '../errors/connection-errors.js'
import type { ResponseHeaders } from '../errors/http-error.js'
import { redactUrl } from '../transport/redact.js'
import type { TransportResponse } from '../transport/transport.js'
import { requestIdOf } from './error-body.js'
import { type BodyBounds, drain, readBounded } from './read-body.js'
import type { Secrets } from './secrets.js'
import { looksLikeHtml, stripHtml } from './strip-html.js'

/** The response of a service. Read the body once, or `discard()` it. */
export interface ServiceResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  /** The Content-Encoding that the transport has decoded. */
  readonly undone?: string | undefined
  /** `x-openstack-request-id`, or Swift's `x-trans-id`. */
  readonly requestId: string | undefined
  readonly method: string
  readonly url: string
  /** The body as bytes, as they arrive. */
  readonly body: AsyncIterable<Uint8Array>
  /** How many bytes of the decoded body `json` or `text` have read. */
  received(): number
  /**
   * The body parsed as JSON, of up to 64 MiB, a million lists and objects, and 200 levels.
   * @throws MalformedResponseError when it is not JSON or exceeds these limits; TimeoutError (`response`) past
   * `responseTimeoutMs`
   */
  json(): Promise<unknown>
  /** The body as text, with the same limits. */
  text(): Promise<string>
  /** Discards a body that is not needed, so that its connection can be reused. */
  discard(): Promise<void>
}

/** The request that was sent. */
interface Asked {
  readonly method: string
  readonly url: URL
  readonly secrets: Secrets
  /** Limits for a body that is not image or object data. */
  readonly bounds: BodyBounds
}

/** Wraps a transport's response. */
export function createServiceResponse(
  response: TransportResponse,
  { method, url, secrets, bounds }: Asked,
): ServiceResponse {
  const { status, headers, undone, body } = response
  // Both are shown with failures, and rarely otherwise.
  const shownUrl = () => redactUrl(url)
  const requestId = () => requestIdOf(headers, secrets)
  const malformed = (what: string, cause?: unknown) =>
    new MalformedResponseError(
      `${method} ${shownUrl()} returned ${status} with ${what}`,
      { status, requestId: requestId(), method, url: shownUrl() },
      { cause },
    )

  let received = 0
  const text = async (look?: (chunk: Uint8Array) => void) => {
    const { bytes, end } = await readBounded(body, bounds, (chunk) => {
      received += chunk.byteLength
      look?.(chunk)
    })
    if (end === 'bytes') throw malformed(`more than ${bounds.bytes} bytes where JSON or text was expected`)
    if (end === 'time') {
      throw new TimeoutError(
        `${method} ${shownUrl()} returned ${status}, and the rest did not arrive within ${bounds.ms} ms`,
        {
          limit: 'response',
          timeoutMs: bounds.ms,
        },
      )
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch (error) {
      throw malformed('a body that is not UTF-8', error)
    }
  }
  const looking = () => {
    const look = createJsonShape()
    return (chunk: Uint8Array) => {
      try {
        look(chunk)
      } catch (error) {
        throw malformed(`JSON of ${error instanceof Error ? error.message : 'another kind'}`)
      }
    }
  }
  return {
    status,
    headers,
    undone,
    get requestId() {
      return requestId()
    },
    method,
    get url() {
      return shownUrl()
    },
    body,
    received: () => received,
    text: () => text(),
    async json() {
      const content = await text(looking())
      if (content.trim() === '') throw malformed('an empty body where JSON was expected')
      if (looksLikeHtml(content, headers.get('content-type'))) {
        throw malformed(`a web page where JSON was expected: ${secrets.hide(stripHtml(content)).slice(0, 200)}`)
      }
      try {
        return JSON.parse(content) as unknown
      } catch (error) {
        throw malformed('a body that is not JSON, or only part of it', error)
      }
    },
    discard: () => drain(body),
  }
}

/** Far more than any page of a list has, and few enough to fit in memory. */
const mostContainers = 1_000_000
const mostDepth = 200

/**
 * Checks JSON as it arrives, before it is parsed: three bytes of text can take fifty bytes of memory once parsed, so
 * limiting the length of the text is not enough. The grammar is left to the parser.
 * @throws Error naming the limit that is exceeded
 */
function createJsonShape(): (chunk: Uint8Array) => void {
  let isText = false
  let isEscaped = false
  let depth = 0
  let containers = 0
  return (chunk) => {
    // An iterator would take several times as long.
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]
      if (isEscaped) isEscaped = false
      else if (isText) {
        if (byte === quote) isText = false
        else if (byte === backslash) isEscaped = true
      } else if (byte === quote) isText = true
      else if (byte === bracket || byte === brace) {
        containers += 1
        depth += 1
        if (containers > mostContainers) throw new Error(`more than ${mostContainers} lists and objects`)
        if (depth > mostDepth) throw new Error(`lists and objects nested more than ${mostDepth} deep`)
      } else if (byte === bracket + 2 || byte === brace + 2) depth -= 1
    }
  }
}

const quote = 0x22
const backslash = 0x5c
const bracket = 0x5b
const brace = 0x7b
