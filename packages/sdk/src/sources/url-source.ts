import { UsageError } from '../errors/tyrax-error.js'
import type { UrlGetter } from '../platform/url-getter.js'
import { type RetryPolicy, retryPolicy } from '../retry/policies.js'
import { basicAuthorization, withoutUserinfo } from '../transport/basic-authorization.js'
import { redactUrl, shownUrl } from '../transport/redact.js'
import { defaultTimeouts } from '../transport/transport.js'
import { oneShot } from './one-shot.js'
import type { OpenOptions, Source } from './source.js'
import { readUrl, type UrlPlace } from './url-reading.js'

/** How a URL is fetched. */
export interface UrlOptions {
  /** Sent with the request, e.g. `authorization`; not to another origin that it redirects to. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Longest silence, in milliseconds, before the connection is given up and another goes on; 0: none. @default 60_000 */
  readonly idleTimeoutMs?: number | undefined
  /**
   * `''`: a Content-Encoding that the server puts on is undone, which is right for a text.
   * @default 'as-sent': the file as it was published, as its checksum wants it. Where `fetch` reads it, an encoding is
   * always undone, and the size is then not known before the end.
   */
  readonly keepEncoding?: '' | 'as-sent' | undefined
  /** How often, and after how long, a connection that broke off is followed by another. @default the cloud's defaults */
  readonly retry?: Partial<RetryPolicy> | undefined
}

/**
 * What an http or https address gives. Redirects are followed; an HTML page is refused, since it is an error page or a
 * download page far more often than an image. A connection that breaks off is followed by another that goes on behind
 * the last byte, where the server says that the content is still the same. It can be read again, and must then still
 * be the same.
 */
export function urlSource(get: UrlGetter, address: string | URL, options: UrlOptions = {}): Source {
  const { url, authorization } = withoutCredentials(parse(address))
  const { idleTimeoutMs = defaultTimeouts.idleTimeoutMs } = options
  const label = redactUrl(url)
  const place: UrlPlace = {
    get,
    label,
    url,
    headers: { 'accept-encoding': 'identity', ...authorization, ...lowerCase(options.headers ?? {}) },
    idleTimeoutMs,
    keepEncoding: options.keepEncoding ?? 'as-sent',
    policy: retryPolicy('urlFurtherResponse', options.retry),
    now: undefined,
  }
  /** The answer that `prepare` got, not yet read. */
  let held: Source | undefined
  /** What is being read: its reader may leave while a server that has fallen silent is waited for. */
  let active: Source | undefined

  const begin = async (signal: AbortSignal | undefined): Promise<Source> => {
    const reading = await readUrl(place, { start: 0, signal })
    return oneShot({ label, size: reading.size, begin: () => reading.bytes, stop: () => void reading.cancel() })
  }
  const hold = async (signal: AbortSignal | undefined): Promise<Source> => {
    held ??= await begin(signal)
    return held
  }

  return {
    label,
    get size() {
      return place.now?.size
    },
    get undone() {
      return place.now?.undone
    },
    replayable: true,
    isRemote: true,
    async prepare(signal) {
      if (!place.now) await hold(signal)
    },
    async *open({ start = 0, end, signal }: OpenOptions = {}) {
      if (start > 0) {
        const { bytes } = await readUrl(place, { start, end, signal })
        yield* bytes
        return
      }
      const source = await hold(signal)
      held = undefined
      active = source
      yield* source.open({ signal })
    },
    peek: async (length, signal) => (await hold(signal)).peek(length, signal),
    async close() {
      await held?.close?.()
      await active?.close?.()
      held = undefined
      active = undefined
    },
  }
}

function parse(address: string | URL): URL {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    // The cause would show all of it.
    throw new UsageError(`${shownUrl(String(address))} is not a URL`)
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw new UsageError(`${url.protocol} URLs are not supported`, { hint: 'use http or https, or fromFile for a file' })
}

/** An address with user and password would be repeated in complaints. */
function withoutCredentials(given: URL): { url: URL; authorization: Record<string, string> } {
  const authorization = basicAuthorization(given)
  if (authorization === undefined) return { url: given, authorization: {} }
  return { url: withoutUserinfo(given), authorization: { authorization } }
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
