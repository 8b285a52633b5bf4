import { BadRequestError, type ResponseHeaders } from '../../errors/http-error.js'
import type { ByteRange } from '../byte-range.js'
import { isRetryable } from '../../errors/guards.js'
import { IntegrityError } from '../../errors/transfer-errors.js'
import { arrayOf, readJson } from '../../http/read-json.js'
import type { ServiceResponse } from '../../http/service-response.js'
import { stripHtml } from '../../http/strip-html.js'
import type { ObjectContext } from '../context.js'
import { etagOf } from '../headers.js'
import { type ObjectAddress, objectPath } from '../address.js'

/**
 * How an object is made of segments: `static`, by a manifest that names each of them; `dynamic`, from all objects whose
 * names begin with a prefix at the time of reading.
 */
export type LargeKind = 'static' | 'dynamic'

/** Undefined for an object that has its own bytes. */
export function largeKind(headers: ResponseHeaders): LargeKind | undefined {
  if (headers.get('x-static-large-object')?.toLowerCase() === 'true') return 'static'
  return headers.has('x-object-manifest') ? 'dynamic' : undefined
}

/** One segment of a large object. */
export interface ObjectSegment {
  /** Undefined for bytes that are stored in the manifest itself. */
  readonly container: string | undefined
  readonly name: string | undefined
  /** The number of bytes that it contributes to the object. */
  readonly bytes: number
  /** Of the whole object that holds it: the MD5 of its bytes, unless that is itself a large object. */
  readonly etag: string | undefined
  /** The range of that object, when it is not all of it. */
  readonly range: ByteRange | undefined
  /** Whether it is itself a large object. */
  readonly isLarge: boolean
}

/** One entry of the manifest to send. */
export interface ManifestEntry {
  readonly path: string
  readonly etag?: string | undefined
  readonly size_bytes?: number | undefined
  readonly range?: string | undefined
}

/** Properties of the object that a manifest creates. */
export interface ManifestOptions {
  readonly contentType: string
  /** `x-object-meta-…`. */
  readonly headers: Readonly<Record<string, string>>
}

/** Swift checks every segment before it responds. */
const headersTimeoutMs = 10 * 60_000

/**
 * `PUT ?multipart-manifest=put` (swift/common/middleware/slo.py). The request declares the ETag that the whole must
 * have, so that a server without manifest support stores none. When the response is lost, the object is looked up. It
 * takes no signal: after an abort, the caller could not know whether the request was carried out.
 * @param etag of the whole, without quotes
 * @throws IntegrityError when the stored segments are not the ones that were sent
 */
export async function putManifest(
  context: ObjectContext,
  at: ObjectAddress,
  entries: readonly ManifestEntry[],
  { etag, contentType, headers }: ManifestOptions & { readonly etag: string | undefined },
): Promise<ResponseHeaders> {
  try {
    const response = await context.client.request({
      method: 'PUT',
      path: objectPath(at),
      query: [['multipart-manifest', 'put']],
      json: entries,
      contentType,
      headers: { ...headers, accept: 'application/json', ...(etag !== undefined && { etag }) },
      accept: [400, 422],
      retry: { methods: ['PUT'] },
      timeouts: { headersTimeoutMs },
    })
    if (response.status >= 400) throw await refusal(response, at, etag)
    await response.discard()
    return checked(response.headers, at, etag)
  } catch (error) {
    if (etag === undefined || !isRetryable(error)) throw error
    const found = await lookForLarge(context, at, etag).catch(() => undefined)
    if (found) return found
    throw error
  }
}

/** The headers of the stored object, if it is the large object with this ETag. */
async function lookForLarge(
  { client }: ObjectContext,
  at: ObjectAddress,
  etag: string,
): Promise<ResponseHeaders | undefined> {
  const found = await client.request({ method: 'HEAD', path: objectPath(at), accept: [404] })
  await found.discard()
  return largeKind(found.headers) === 'static' && etagOf(found.headers) === etag ? found.headers : undefined
}

/** The ETag of a large object: the MD5 of its segments' ETags; undefined where it cannot be computed. */
export async function largeEtag(
  { platform }: ObjectContext,
  segments: readonly { readonly etag: string; readonly range?: string | undefined }[],
): Promise<string | undefined> {
  const hash = await platform.createHash(['md5'], 0)
  const text = segments.map(({ etag, range }) => (range === undefined ? etag : `${etag}:${range};`)).join('')
  await hash.update(new TextEncoder().encode(text))
  return (await hash.digest())['md5']
}

/**
 * The segments of a static large object: `GET ?multipart-manifest=get`. The list itself is never encoded, but has the
 * Content-Encoding of the object (swift/common/middleware/slo.py replaces only the type).
 * @param head the object's headers
 * @throws NotFoundError
 */
export async function getManifest(
  { client }: ObjectContext,
  at: ObjectAddress,
  head: ResponseHeaders,
  signal?: AbortSignal,
): Promise<readonly ObjectSegment[]> {
  const query = [['multipart-manifest', 'get']] as const
  const keepEncoding = head.get('content-encoding') ?? undefined
  const response = await client.request({ method: 'GET', path: objectPath(at), query, keepEncoding, signal })
  return readJson(response, (body) => arrayOf(body).map(decodeSegment))
}

function decodeSegment(wire: unknown): ObjectSegment {
  const { name, bytes, hash, range, sub_slo, data } = wire as Record<string, unknown>
  if (typeof data === 'string') {
    const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0
    return {
      container: undefined,
      name: undefined,
      bytes: Math.floor(((data.length - padding) * 3) / 4),
      etag: undefined,
      range: undefined,
      isLarge: false,
    }
  }
  if (typeof name !== 'string') throw new Error('a segment has no name')
  const [container = '', ...rest] = name.replace(/^\//, '').split('/')
  const size = Number(bytes)
  const span = typeof range === 'string' ? decodeRange(range) : undefined
  return {
    container,
    name: rest.join('/'),
    bytes: span ? span.end - span.start + 1 : size,
    etag: typeof hash === 'string' ? hash : undefined,
    range: span,
    isLarge: sub_slo === true,
  }
}

function decodeRange(range: string): { start: number; end: number } {
  const [start = Number.NaN, end = Number.NaN] = range.split('-').map(Number)
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) throw new Error(`a segment has the range ${range}`)
  return { start, end }
}

function checked(headers: ResponseHeaders, at: ObjectAddress, expected: string | undefined): ResponseHeaders {
  const actual = etagOf(headers)
  if (expected === undefined || actual === '' || actual === expected) return headers
  throw new IntegrityError(
    `${at.container}/${at.name} is not made of what was sent: its ETag is ${actual}, and should be ${expected}`,
    { what: 'etag', expected, actual },
  )
}

/** Lists segments that are missing or differ from the manifest; other refusals are described in words. */
async function refusal(response: ServiceResponse, at: ObjectAddress, etag: string | undefined): Promise<Error> {
  const { status, requestId, method, url, headers } = response
  const text = await response.text()
  const problems = segmentProblems(text)
  if (problems.length > 0) {
    const shown = problems.slice(0, 3).join('; ')
    const more = problems.length > 3 ? `; and ${problems.length - 3} more` : ''
    return new IntegrityError(`${at.container}/${at.name} was not made: ${shown}${more}`, {
      what: 'segments',
      expected: 'stored as they were sent',
      actual: problems.join('; '),
    })
  }
  if (status === 422) {
    return new IntegrityError(
      `${at.container}/${at.name} was not made: the server would have stored something else than these segments. ` +
        'It may have no static large objects',
      { what: 'etag', expected: etag ?? 'unknown', actual: 'another' },
    )
  }
  const message = stripHtml(text).slice(0, 500) || '400 Bad Request'
  return new BadRequestError({ status, message, requestId, method, url, headers })
}

function segmentProblems(text: string): readonly string[] {
  try {
    const { Errors: errors } = JSON.parse(text) as { Errors?: unknown }
    return Array.isArray(errors) ? errors.map((each) => (Array.isArray(each) ? each.join(': ') : String(each))) : []
  } catch {
    return []
  }
}
