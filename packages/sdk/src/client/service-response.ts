import { MalformedResponseError } from '../errors/connection-errors.js'
import type { TransportResponse } from '../transport/transport.js'
import { requestIdOf } from './error-body.js'
import { drain, readAll } from './read-body.js'
import type { Secrets } from './secrets.js'
import type { ServiceResponse } from './service-client.js'
import { looksLikeHtml, stripHtml } from './strip-html.js'

/** What was asked for. */
interface Asked {
  readonly method: string
  /** Without credentials. */
  readonly url: string
  readonly secrets: Secrets
}

/** Wraps a transport's response. */
export function createServiceResponse(response: TransportResponse, { method, url, secrets }: Asked): ServiceResponse {
  const { status, headers, undone, body } = response
  const requestId = requestIdOf(headers, secrets)
  const malformed = (what: string, cause?: unknown) =>
    new MalformedResponseError(
      `${method} ${url} answered ${status} with ${what}`,
      { status, requestId, method, url },
      { cause },
    )

  const text = async () => {
    const bytes = await readAll(body)
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    } catch (error) {
      throw malformed('a body that is not UTF-8', error)
    }
  }
  return {
    status,
    headers,
    undone,
    requestId,
    method,
    url,
    body,
    text,
    async json() {
      const content = await text()
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
