import { SourceError } from '../errors/transfer-errors.js'
import { policies, type RetryPolicy } from '../retry/policies.js'
import { type Attempts, countAttempts } from '../transfer/attempts.js'
import { rangeOfBody } from '../transfer/range-response.js'
import { type ReadOrigin, resumableRead } from '../transfer/resumable-read.js'
import { isEnded } from '../transport/aborting.js'
import type { UrlAnswer, UrlGetter } from '../platform/url-getter.js'

/** What a response reveals about the content, to compare it with other responses. */
interface Content {
  readonly size: number | undefined
  readonly etag: string | null
  readonly lastModified: string | null
  /** The Content-Encoding that the runtime has decoded. */
  readonly undone: string | undefined
  /** The URL of the response: if there are several mirrors, the same one is used again. */
  readonly url: URL
}

/** An address, the options for reading it, and what is known about its content. */
export interface UrlPlace {
  readonly get: UrlGetter
  readonly label: string
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly idleTimeoutMs: number
  readonly keepEncoding: string | undefined
  readonly policy: RetryPolicy
  /** From the first response; every later one must have the same content. */
  now: Content | undefined
}

/** The range to read. */
interface UrlSpan {
  readonly start: number
  readonly end?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A body that can be read, over as many connections as needed. */
interface UrlReading {
  readonly size: number | undefined
  readonly bytes: AsyncIterable<Uint8Array>
  cancel(): Promise<void>
}

/**
 * Requests the content starting at `start`.
 * @throws SourceError when the address returns none, or another one than before; also while iterating
 */
export async function readUrl(place: UrlPlace, span: UrlSpan): Promise<UrlReading> {
  const attempts = countAttempts(place.policy, span.signal)
  const answer = await ask(place, span, attempts, 'first')
  // A range of encoded data cannot be mapped to a range of the decoded data.
  if (span.start > 0 && (answer.status !== 206 || answer.undone !== undefined)) {
    await answer.cancel()
    throw new SourceError(`${place.label} cannot be read from the middle`)
  }
  if (span.start === 0) await remember(place, answer)
  let current = answer
  let first: UrlAnswer | undefined = answer
  const origin: ReadOrigin = {
    // The runtime already checks the size of the first response.
    size: Number.POSITIVE_INFINITY,
    async open({ start, end }) {
      current = first ?? (await ask(place, { ...span, start }, attempts, 'further'))
      first = undefined
      return { start: current.status === 206 ? start : 0, end, body: current.body }
    },
    mayResume: (error) => mayResume(place, error),
    wrongLength: () => changed(place),
    explain: (error) => explained(place, error),
  }
  const bytes = resumableRead(origin, { start: span.start, end: Number.POSITIVE_INFINITY }, attempts)
  return { size: place.now?.size, bytes, cancel: () => current.cancel() }
}

/** One response with the requested content: the range, or the whole from a server without ranges. */
async function ask(place: UrlPlace, span: UrlSpan, attempts: Attempts, turn: 'first' | 'further'): Promise<UrlAnswer> {
  for (let moved = false; ;) {
    const url = moved ? place.url : (place.now?.url ?? place.url)
    let answer: UrlAnswer
    try {
      const { idleTimeoutMs, keepEncoding } = place
      const headers = headersFor(place, url, span)
      answer = await place.get(url, { headers, idleTimeoutMs, keepEncoding, signal: span.signal })
    } catch (error) {
      if (isEnded(error) || span.signal?.aborted) throw error
      const unreached = new SourceError(`${place.label} cannot be reached: ${reason(error)}`, { cause: error })
      const policy = turn === 'further' ? policies.urlFurtherResponse : policies.urlFirstResponse
      if (!policy.isWorthRetrying(error)) throw unreached
      await attempts.next(unreached, 0)
      continue
    }
    const problem = refusal(answer)
    if (problem === undefined) {
      if (turn === 'first' && (answer.status !== 206 || answer.undone !== undefined)) return answer
      if (fits(place.now, answer, span)) return answer
      await answer.cancel()
      throw changed(place)
    }
    await answer.cancel()
    const refused = new SourceError(`${place.label} ${problem}`, {
      hint: 'open the address yourself, and give the one of the image',
    })
    if (place.policy.statuses.includes(answer.status)) {
      await attempts.next(refused, 0, answer.headers.get('retry-after'))
    } else if (url !== place.url && !moved) {
      // The redirect may have been temporary.
      moved = true
    } else throw refused
  }
}

function headersFor(place: UrlPlace, url: URL, { start, end }: UrlSpan): Record<string, string> {
  const { now } = place
  const headers = url.origin === place.url.origin ? place.headers : { 'accept-encoding': 'identity' }
  if (start === 0) return { ...headers }
  const range = `bytes=${start}-${end === undefined ? '' : end - 1}`
  const isStrong = now?.etag != null && !now.etag.startsWith('W/')
  return { ...headers, range, ...(isStrong && { 'if-range': now?.etag ?? '' }) }
}

function refusal({ status, headers }: UrlAnswer): string | undefined {
  if (status < 200 || status > 299) return `returned ${status}`
  if (status === 204) return 'returned 204: there is no data'
  const type = headers.get('content-type') ?? ''
  return /^\s*(?:text\/html|application\/xhtml)/i.test(type) ? 'returned an HTML page, not an image' : undefined
}

/** The first response determines the content; after that, it must not change. */
async function remember(place: UrlPlace, answer: UrlAnswer): Promise<void> {
  const found = contentOf(answer)
  if (place.now && !isSame(place.now, found)) {
    await answer.cancel()
    throw changed(place)
  }
  place.now = found
}

function contentOf({ headers, url, undone }: UrlAnswer): Content {
  const length = headers.get('content-length')
  return {
    size: length !== null && /^\d+$/.test(length) ? Number(length) : undefined,
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    undone,
    url,
  }
}

const isSame = (one: Content, other: Content): boolean =>
  one.size === other.size && one.etag === other.etag && one.lastModified === other.lastModified

/** Whether this is the same content, and the requested range. */
function fits(now: Content | undefined, answer: UrlAnswer, { start }: UrlSpan): boolean {
  const found = contentOf(answer)
  if (answer.status !== 206) return now !== undefined && isSame(now, found)
  const part = rangeOfBody(answer, { start, end: Number.POSITIVE_INFINITY })
  if (!part) return false
  return now === undefined || isSame(now, { ...found, size: part.size ?? now.size })
}

const changed = ({ label }: UrlPlace): SourceError =>
  new SourceError(`${label} is not what it was: it changed between two readings`)

/** Only if another response can be compared with the content. */
function mayResume({ now }: UrlPlace, error: unknown): boolean {
  const canBeCompared = now?.size !== undefined && (now.etag !== null || now.lastModified !== null)
  return canBeCompared && policies.urlFurtherResponse.isWorthRetrying(error)
}

function explained({ label }: UrlPlace, error: unknown): unknown {
  if (isEnded(error)) return error
  return new SourceError(`${label} broke off: ${reason(error)}`, { cause: error })
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))
