import type { BlobStore } from '../../blobs/blob-store.js'
import type { HttpContext } from '../../context.js'
import { BodyRefused, readBody } from '../../http/read-body.js'
import { respond } from '../../http/respond.js'
import { takeTurn } from '../../http/turns.js'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import type { ObjectAddress } from '../address.js'
import type { Handler } from '../http/resource.js'
import { empty } from '../http/response.js'
import { reportFormat } from '../http/report.js'
import { isTrue } from '../http/target.js'
import { manifestLimits } from '../limits.js'
import { ownContent } from '../objects/content.js'
import type { CopyRequest, CopyService } from '../objects/copy-service.js'
import { readCopy, readPut, readPutCopy } from '../objects/object-input.js'
import type { ObjectService } from '../objects/object-service.js'
import { copiedHeaders, objectHeaders, sendContent, writtenHeaders } from '../objects/object-wire.js'
import type { RequireRoom } from '../objects/room.js'
import { lastModified } from '../timestamps.js'
import type { LargeObjectService, StoreOutcome } from './large-object-service.js'
import { md5Of, rawManifest } from './manifest.js'
import { deleteReport, problemReport, storeReport } from './report.js'

interface LargeObjectRouteParts {
  readonly large: LargeObjectService
  readonly objects: ObjectService
  readonly copies: CopyService
  readonly blobs: BlobStore
  readonly requireRoom: RequireRoom
}

/**
 * Handles requests for objects with `?multipart-manifest`. Runs before the objects' own routes, which handle all other
 * requests, like Swift's middleware (swift/common/middleware/slo.py).
 */
export function largeObjectRoutes(
  parts: LargeObjectRouteParts,
  others: Handler<ObjectAddress>,
): Handler<ObjectAddress> {
  const { large, objects, copies, blobs, requireRoom } = parts

  const getManifest: Handler<ObjectAddress> = async (c, at) => {
    const object = objects.get(at)
    if (!object.large) return sendContent(c, object, ownContent(blobs, object), {})
    if (c.req.query('format') !== 'raw') {
      return sendContent(c, object, ownContent(blobs, object), { 'Content-Type': 'application/json; charset=utf-8' })
    }
    const segments = await large.manifestOf(object)
    await takeTurn()
    const body = rawManifest(segments)
    await takeTurn()
    const length = c.req.raw.method === 'HEAD' ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}
    return respond(c, 200, { ...objectHeaders(object), Etag: md5Of(body), ...length }, body)
  }

  const putManifest: Handler<ObjectAddress> = async (c, at, access) => {
    const input = readPut(c, at)
    objects.admit(at, input)
    if (c.req.header('x-copy-from')) {
      throw new Refusal('method-not-allowed', 'Multipart Manifest PUTs cannot be COPY requests')
    }
    requireRoom(at, Number(c.req.header('content-length') ?? 0), access)
    return storeResponse(c, await large.store(at, await readManifestBody(c), input, access), {})
  }

  const copyManifest = async (c: HttpContext, request: CopyRequest, access: Access): Promise<Response> => {
    const copy = copies.open(access, request, 'manifest')
    const { to, source } = copy
    if (source.large) {
      const body = Buffer.from(rawManifest(await large.manifestOf(source)))
      requireRoom(to, body.length, access)
      const etag = c.req.header('etag')?.replaceAll('"', '')
      return storeResponse(c, await large.store(to, body, { ...copy, etag }, access), copiedHeaders(copy))
    }
    objects.requireContainer(to)
    requireRoom(to, source.size, access)
    const record = await copies.write(copy, blobs.read(source.blob))
    return empty(c, 201, { ...writtenHeaders(record), ...copiedHeaders(copy) })
  }

  const deleteAll: Handler<ObjectAddress> = async (c, at, access) => {
    if (isTrue(c.req.query('async'))) {
      await large.removeWithSegmentsLater(at, access)
      return empty(c, 204)
    }
    const format = reportFormat(c) ?? 'text/plain'
    return respond(c, 200, { 'Content-Type': format }, deleteReport(format, await large.removeWithSegments(at, access)))
  }

  const handlers: Readonly<Record<string, Handler<ObjectAddress>>> = {
    'GET get': getManifest,
    'HEAD get': getManifest,
    'PUT put': putManifest,
    'PUT get': (c, at, access) => {
      objects.admit(at, readPut(c, at))
      const request = readPutCopy(c, at)
      return request === undefined ? others(c, at, access) : copyManifest(c, request, access)
    },
    'COPY get': (c, at, access) => copyManifest(c, readCopy(c, at), access),
    'DELETE delete': deleteAll,
  }

  return (c, at, access) => {
    const asked = `${c.req.raw.method} ${c.req.query('multipart-manifest') ?? ''}`
    refuseReserved(c, asked)
    const handle = Object.hasOwn(handlers, asked) ? handlers[asked] : undefined
    return (handle ?? others)(c, at, access)
  }
}

/** Only the query can make a static large object, never a header. @throws Refusal invalid */
function refuseReserved(c: HttpContext, asked: string): void {
  if (c.req.header('x-static-large-object') === undefined) return
  if (asked === 'PUT put' || asked === 'DELETE delete' || /^(GET|HEAD) /.test(asked)) return
  const remedy = 'To create a static large object add query param multipart-manifest=put.'
  throw new Refusal('invalid', `X-Static-Large-Object is a reserved header. ${remedy}`)
}

/** The body of `PUT ?multipart-manifest=put`. @throws Refusal over-limit, cut-short, no-room */
async function readManifestBody(c: HttpContext): Promise<Buffer> {
  return readBody(c.env.incoming, manifestLimits.max_manifest_size).catch((error: unknown) => {
    if (!(error instanceof BodyRefused)) throw error
    if (error.kind === 'over-limit') throw new Refusal('over-limit', `Manifest File > ${error.limitBytes} bytes`)
    throw error.kind === 'cut-short' ? new Refusal('cut-short') : error
  })
}

/** With `heartbeat`, the status is always 202 and the outcome is in the body. */
function storeResponse(c: HttpContext, outcome: StoreOutcome, headers: Readonly<Record<string, string>>): Response {
  const format = reportFormat(c) ?? 'text/plain'
  if (isTrue(c.req.query('heartbeat'))) {
    return respond(c, 202, { 'Content-Type': format }, ` \r\n\r\n${storeReport(format, outcome)}`)
  }
  if (outcome.kind === 'mismatch') throw new Refusal('mismatch')
  if (outcome.kind === 'problems') {
    return respond(c, 400, { 'Content-Type': format }, problemReport(format, outcome.problems))
  }
  const { etag, record } = outcome
  return empty(c, 201, { ...headers, Etag: `"${etag}"`, 'Last-Modified': lastModified(record.modifiedMs) })
}
