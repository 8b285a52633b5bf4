import { ConnectionError } from '../../errors/connection-errors.js'
import { drain } from '../../http/read-body.js'
import type { UrlAnswer, UrlGetter } from '../../platform/url-getter.js'
import { redactUrl } from '../../transport/redact.js'
import { defaultTimeouts, type TransportResponse } from '../../transport/transport.js'
import { machineAuthorities } from '../machine-authorities.js'
import { createUndiciTransport } from '../undici-transport.js'

const mostRedirects = 20
const redirects = new Set([301, 302, 303, 307, 308])
/** Headers that only describe the requested content; any other header may be a secret. */
const carried = new Set(['accept-encoding', 'range', 'if-range'])

/** Uses undici, with the proxy and the authorities of the environment and its own connection. */
export const getUrl: UrlGetter = async (from, { headers: given, idleTimeoutMs, keepEncoding, signal }) => {
  const transport = createUndiciTransport(from.protocol === 'https:' ? await machineAuthorities(process.env) : {})
  const timeouts = { ...defaultTimeouts, idleTimeoutMs }
  let url = from
  let headers = given
  try {
    for (let hop = 0; ; hop += 1) {
      const response = await transport.send({ method: 'GET', url, headers, timeouts, keepEncoding, signal })
      const location = response.headers.get('location')
      if (!redirects.has(response.status) || location === null) return answer(response, url, () => transport.close())
      await drain(response.body)
      if (hop >= mostRedirects) throw lost(from, `it redirects more than ${mostRedirects} times`)
      const next = URL.canParse(location, url) ? new URL(location, url) : undefined
      if (!next || !/^https?:$/.test(next.protocol)) throw lost(from, 'it redirects to what is no web address')
      if (next.origin !== url.origin) {
        headers = Object.fromEntries(Object.entries(headers).filter(([name]) => carried.has(name)))
      }
      url = next
    }
  } catch (error) {
    await transport.close()
    throw error
  }
}

function answer({ status, headers, body }: TransportResponse, url: URL, cancel: () => Promise<void>): UrlAnswer {
  return { status, headers, url, body: closing(body, cancel), cancel }
}

async function* closing(
  body: AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body
  } finally {
    await close()
  }
}

const lost = (url: URL, message: string): ConnectionError =>
  new ConnectionError(message, { reason: 'unknown', method: 'GET', url: redactUrl(url) })
