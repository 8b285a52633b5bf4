import { isForbidden } from '../errors/guards.js'
import { HttpError, type ResponseHeaders } from '../errors/http-error.js'
import { readJson } from '../http/read-json.js'
import type { ServiceResponse } from '../http/service-response.js'
import type { ObjectContext } from './context.js'
import { largeKind } from './large/manifest.js'
import { listDynamic, parseDynamicManifest, removeSegments } from './large/replaced-segments.js'
import { type ObjectAddress, objectPath } from './address.js'

/** What `objects.delete` takes. */
export interface ObjectDeleteOptions {
  /**
   * Leave the segments of a large object. A dynamic one consists of all objects whose names begin with the same prefix,
   * which may be more than was meant: false removes those too.
   * @default false for static large objects, true for dynamic ones
   */
  readonly keepSegments?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** Swift deletes all segments before it responds. */
const headersTimeoutMs = 10 * 60_000

/** @throws NotFoundError; HttpError when segments could not be removed */
export async function deleteObject(
  context: ObjectContext,
  at: ObjectAddress,
  { keepSegments, signal }: ObjectDeleteOptions,
): Promise<void> {
  const headers = keepSegments === true ? undefined : await look(context, at, signal)
  const kind = headers && largeKind(headers)
  if (kind === 'static') return deleteStatic(context, at, signal)
  if (kind !== 'dynamic' || keepSegments !== false) return deleteOnly(context, at, signal)
  const manifest = parseDynamicManifest(headers?.get('x-object-manifest') ?? '')
  const segments = await listDynamic(context, manifest, signal)
  await deleteOnly(context, at, signal)
  const [failure] = await removeSegments(context, segments, signal)
  if (failure) throw failure.cause
}

/** Undefined when reading is forbidden: a user who may write but not read may still delete. */
async function look(
  { client }: ObjectContext,
  at: ObjectAddress,
  signal: AbortSignal | undefined,
): Promise<ResponseHeaders | undefined> {
  try {
    const response = await client.request({ method: 'HEAD', path: objectPath(at), signal })
    await response.discard()
    return response.headers
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

async function deleteOnly({ client }: ObjectContext, at: ObjectAddress, signal?: AbortSignal): Promise<void> {
  const response = await client.request({ method: 'DELETE', path: objectPath(at), signal })
  await response.discard()
}

/** The status is always 200; the result is in the body (swift/common/middleware/bulk.py). */
async function deleteStatic(context: ObjectContext, at: ObjectAddress, signal?: AbortSignal): Promise<void> {
  const response = await context.client.request({
    method: 'DELETE',
    path: objectPath(at),
    query: [['multipart-manifest', 'delete']],
    headers: { accept: 'application/json' },
    timeouts: { headersTimeoutMs },
    signal,
  })
  await readJson(response, (body) => {
    const { 'Response Status': status, 'Response Body': words, Errors: errors } = body as Record<string, unknown>
    const problems = Array.isArray(errors) ? errors.map((each) => (Array.isArray(each) ? each.join(': ') : each)) : []
    if (String(status).startsWith('2') && problems.length === 0) return
    throw incomplete(response, at, { status: Number.parseInt(String(status), 10), words, problems })
  }).catch((error: unknown) => {
    throw error instanceof Error && error.cause instanceof HttpError ? error.cause : error
  })
}

function incomplete(
  { requestId, method, url, headers }: ServiceResponse,
  { container, name }: ObjectAddress,
  { status, words, problems }: { status: number; words: unknown; problems: readonly unknown[] },
): HttpError {
  const shown = problems.slice(0, 3).map(String)
  const more = problems.length > 3 ? [`and ${problems.length - 3} more`] : []
  const why = [...shown, ...more].join('; ') || (typeof words === 'string' && words) || String(status)
  return new HttpError({
    status: Number.isNaN(status) ? 500 : status,
    message: `${container}/${name} was not removed with all of its segments: ${why}`,
    requestId,
    method,
    url,
    headers,
    hint: 'delete it again, or with keepSegments (--keep-segments) without them',
  })
}
