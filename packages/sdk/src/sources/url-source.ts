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
  /** Sent with the request, e.g. `authorization`, but not to another origin after a redirect. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Longest silence, in milliseconds, before another connection takes over and resumes; 0: none. @default 60_000 */
  readonly idleTimeoutMs?: number | undefined
  /**
   * `''`: a Content-Encoding applied by the server is decoded, which is right for text.
   * @default 'as-sent': the file as it was published, matching its checksum. `fetch` always decodes, and the size is
   * then not known before the end.
   */
  readonly keepEncoding?: '' | 'as-sent' | undefined
  /** How often, and after which delay, a lost connection is replaced by another. @default the cloud's defaults */
  readonly retry?: Partial<RetryPolicy> | undefined
}

/**
 * The content of an http or https address. Redirects are followed; an HTML page is refused, since it is usually an
 * error or download page rather than an image. If the connection breaks, another one resumes after the last byte,
 * provided the server reports that the content is unchanged. It can be read again, and must be unchanged then, too.
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
  /** The response that `prepare` received, not read yet. */
  let held: Source | undefined
  /** The source that is being read. Its reader may give up while the server is silent. */
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
    // The cause would contain the whole URL.
    throw new UsageError(`${shownUrl(String(address))} is not a URL`)
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw new UsageError(`${url.protocol} URLs are not supported`, { hint: 'use http or https, or fromFile for a file' })
}

/** The URL appears in error messages, so user and password are removed from it. */
function withoutCredentials(given: URL): { url: URL; authorization: Record<string, string> } {
  const authorization = basicAuthorization(given)
  if (authorization === undefined) return { url: given, authorization: {} }
  return { url: withoutUserinfo(given), authorization: { authorization } }
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
