import { SourceError } from '../errors/transfer-errors.js'
import { UsageError } from '../errors/tyrax-error.js'
import { redactUrl } from '../transport/redact.js'
import { oneShot } from './one-shot.js'
import type { OpenOptions, Source } from './source.js'
import { iterable } from './stream-source.js'

export interface UrlOptions {
  /** Sent with the request, e.g. `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** What one answer says about the content, so that a second one can be compared with it. */
interface Identity {
  readonly size: number | undefined
  readonly etag: string | null
  readonly lastModified: string | null
}

/**
 * What an http or https address gives. Redirects are followed; an HTML page is refused, since it is an error page or a
 * download page far more often than an image. It can be read again, and must then still be the same.
 */
export function fromUrl(address: string | URL, options: UrlOptions = {}): Source {
  const { url, authorization } = withoutCredentials(parse(address))
  const label = redactUrl(url)
  /** The answer that `prepare` got, not yet read. */
  let held: Source | undefined
  let identity: Identity | undefined

  const fetchFrom = async (start: number, end: number | undefined, signal: AbortSignal | undefined) => {
    const headers = {
      'accept-encoding': 'identity',
      ...authorization,
      ...options.headers,
      ...(start > 0 && { range: `bytes=${start}-${end === undefined ? '' : end - 1}` }),
    }
    const response = await fetch(url, { headers, signal: signal ?? null }).catch((cause: unknown) => {
      signal?.throwIfAborted()
      throw new SourceError(`${label} cannot be reached: ${reason(cause)}`, { cause })
    })
    const problem = refusal(response, start)
    if (problem) {
      await response.body?.cancel()
      throw new SourceError(`${label} ${problem}`, { hint: 'open the address yourself, and give the one of the image' })
    }
    return response
  }
  const begin = async (signal: AbortSignal | undefined): Promise<Source> => {
    const response = await fetchFrom(0, undefined, signal)
    const found = identify(response)
    if (identity && !isSame(identity, found)) {
      await response.body?.cancel()
      throw new SourceError(`${label} is not what it was: it changed between two readings`)
    }
    identity = found
    return oneShot({ label, size: found.size, begin: () => bodyOf(response, label) })
  }
  const hold = async (signal: AbortSignal | undefined): Promise<Source> => {
    held ??= await begin(signal)
    return held
  }

  return {
    label,
    get size() {
      return identity?.size
    },
    replayable: true,
    async prepare(signal) {
      if (!identity) await hold(signal)
    },
    async *open({ start = 0, end, signal }: OpenOptions = {}) {
      if (start > 0) {
        yield* bodyOf(await fetchFrom(start, end, signal), label)
        return
      }
      const source = await hold(signal)
      held = undefined
      yield* source.open({ signal })
    },
    peek: async (length, signal) => (await hold(signal)).peek(length, signal),
    async close() {
      await held?.close?.()
      held = undefined
    },
  }
}

async function* bodyOf(response: Response, label: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of iterable(response.body ?? new Blob([]).stream(), label)) yield chunk
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AbortError') throw cause
    throw new SourceError(`${label} broke off: ${reason(cause)}`, { cause })
  }
}

function parse(address: string | URL): URL {
  let url: URL
  try {
    url = new URL(address)
  } catch (cause) {
    throw new UsageError(`${String(address)} is not a URL`, { cause })
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw new UsageError(`${url.protocol} addresses are not read`, { hint: 'use http or https, or fromFile for a file' })
}

/** `fetch` takes no user and password in an address, and repeats them in its complaint. */
function withoutCredentials(given: URL): { url: URL; authorization: Record<string, string> } {
  if (given.username === '' && given.password === '') return { url: given, authorization: {} }
  const url = new URL(given)
  url.username = ''
  url.password = ''
  const pair = new TextEncoder().encode(`${decodeURIComponent(given.username)}:${decodeURIComponent(given.password)}`)
  return { url, authorization: { authorization: `Basic ${btoa(String.fromCharCode(...pair))}` } }
}

function refusal(response: Response, start: number): string | undefined {
  if (!response.ok) return `answers ${response.status} ${response.statusText}`.trimEnd()
  if (start > 0 && response.status !== 206) return 'cannot be read from the middle'
  const type = response.headers.get('content-type') ?? ''
  return /^\s*(?:text\/html|application\/xhtml)/i.test(type) ? 'answers with an HTML page, not an image' : undefined
}

function identify(response: Response): Identity {
  const encoded = (response.headers.get('content-encoding') ?? 'identity') !== 'identity'
  const length = response.headers.get('content-length')
  return {
    size: encoded || length === null ? undefined : Number(length),
    etag: response.headers.get('etag'),
    lastModified: response.headers.get('last-modified'),
  }
}

function isSame(one: Identity, other: Identity): boolean {
  return one.size === other.size && one.etag === other.etag && one.lastModified === other.lastModified
}

function reason(error: unknown): string {
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return deepest instanceof Error ? deepest.message : String(deepest)
}
