import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { BlobTooLarge, type BlobStore } from '../../blobs/blob-store.js'
import type { Caller } from '../../context.js'
import { alreadySent, respond } from '../../http/respond.js'
import { takeTurn } from '../../http/turns.js'
import { contentTypeOf } from './content-type.js'
import { checkName, type ObjectAddress, parseAccount, parseAddress } from '../http/target.js'
import { copies } from './copy-service.js'
import { SwiftFault } from '../errors.js'
import { empty, isTrue, type SwiftContext } from '../http/response.js'
import { begun, type Content, contents } from '../large/large-contents.js'
import { rawManifest } from '../large/manifest.js'
import { readPart } from './byte-range.js'
import { report, reportFormat } from '../large/report.js'
import { deleteStatic, deleteStaticLater, md5Of, readManifestBody } from '../large/check-manifest.js'
import { manifestStore } from '../large/large-object-service.js'
import { metadataHeaders, objectMetadata, swiftLimits } from '../metadata.js'
import { publisher } from './object-service.js'
import { precondition, readRange } from '../http/conditions.js'
import type { ObjectRecord, ObjectStoreRepository } from './object-repository.js'
import { lastModified, swiftTimestamp } from '../timestamps.js'

/** PUT, GET, HEAD, POST, DELETE and COPY of `/v1/{account}/{container}/{object}`. */
export function objectRoutes(repository: ObjectStoreRepository, blobs: BlobStore, nowMs: () => number) {
  const find = ({ account, container, object }: ObjectAddress): ObjectRecord => {
    const found = repository.object(account, container, object)
    if (!found) throw new SwiftFault(404)
    return found
  }
  const known = contents(repository, blobs)
  const { contentOf, manifestOf } = known
  const publish = publisher(repository, blobs, nowMs)
  const storeManifest = manifestStore({ repository, blobs, contentOf, publish })
  const copy = copies({ repository, blobs, contents: known, publish, storeManifest })

  async function put(c: SwiftContext, at: ObjectAddress, caller: Caller): Promise<Response> {
    const { headers } = c.req.raw
    checkPut(c, at)
    if (!repository.container(at.account, at.container)) throw new SwiftFault(404)
    if (headers.get('if-none-match') === '*' && repository.object(at.account, at.container, at.object)) {
      throw new SwiftFault(412)
    }
    const metadata = objectMetadata(headers)
    const copyFrom = headers.get('x-copy-from')
    if (c.req.query('multipart-manifest') === 'put') {
      if (copyFrom) throw new SwiftFault(405, 'Multipart Manifest PUTs cannot be COPY requests')
      const contentType = contentTypeOf(headers, at.object)
      return storeManifest(c, at, await readManifestBody(c), { contentType, metadata })
    }
    if (copyFrom) {
      const account = headers.get('x-copy-from-account')
      return copy(c, caller, parseAddress(account ? parseAccount(account) : at.account, 'X-Copy-From', copyFrom), at)
    }

    const pending = await blobs
      .write(c.env.incoming, { limitBytes: swiftLimits.max_file_size })
      .catch((error: unknown) => {
        if (error instanceof BlobTooLarge) throw new SwiftFault(413, 'Your request is too large.')
        if (c.env.incoming.destroyed && !c.env.incoming.complete) throw new SwiftFault(499)
        throw error
      })
    const expected = headers.get('etag')?.replaceAll('"', '').toLowerCase()
    if (expected && expected !== pending.md5) {
      await pending.discard()
      throw new SwiftFault(422)
    }
    const record = await publish(at, pending, { contentType: contentTypeOf(headers, at.object), metadata })
    return empty(c, 201, { Etag: record.etag, 'Last-Modified': lastModified(record.modifiedMs) })
  }

  async function get(c: SwiftContext, at: ObjectAddress): Promise<Response> {
    const object = find(at)
    const isManifest = c.req.query('multipart-manifest') === 'get'
    if (isManifest && object.large && c.req.query('format') === 'raw') return getRaw(c, object)
    const content = isManifest ? ownContent(object) : await contentOf(at.account, object)
    const headers = {
      ...headersOf(object),
      Etag: content.isLarge ? `"${content.etag}"` : content.etag,
      ...(object.large && content.isLarge ? { 'X-Manifest-Etag': object.etag } : {}),
      ...(object.large && isManifest ? { 'Content-Type': 'application/json; charset=utf-8' } : {}),
    }
    const verdict = precondition(c.req.raw.headers, content.etag, object.modifiedMs)
    if (verdict === 'not-modified') return empty(c, 304, { ...headers, 'Content-Length': String(content.size) })
    if (verdict === 'failed') throw new SwiftFault(412)
    const asked = c.req.header('range')
    const part = await readPart(c.req.query('part-number'), asked, content)
    const range = part ?? (c.req.raw.method === 'GET' ? readRange(asked, content.size) : undefined)
    const { start, end } = range ?? { start: 0, end: content.size - 1 }
    const length = end - start + 1
    const hasBody = c.req.raw.method !== 'HEAD' && length > 0
    const bytes = hasBody ? await begun(content.read(start, end)) : undefined
    const { outgoing } = c.env
    outgoing.writeHead(range ? 206 : 200, {
      ...headers,
      ...(part ? { 'X-Parts-Count': String(part.count) } : {}),
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${content.size}` } : {}),
      // The last one: behind it, Node encodes Content-Disposition a second time, and unchecked.
      'Content-Length': String(length),
    })
    if (!bytes) {
      outgoing.end()
      return alreadySent
    }
    const stream = Readable.from(bytes, { objectMode: false, highWaterMark: 1 << 20 })
    // The head is out: a client learns from a connection cut short that bytes are missing.
    await pipeline(stream, outgoing).catch(() => outgoing.destroy())
    return alreadySent
  }

  async function getRaw(c: SwiftContext, object: ObjectRecord): Promise<Response> {
    const segments = await manifestOf(object)
    await takeTurn()
    const body = rawManifest(segments)
    await takeTurn()
    const length = c.req.raw.method === 'HEAD' ? { 'content-length': String(Buffer.byteLength(body)) } : {}
    return respond(c, 200, { ...headersOf(object), Etag: md5Of(body), ...length }, body)
  }

  function ownContent({ size, etag, blob }: ObjectRecord): Content {
    return { size, etag, isLarge: false, read: (start, end) => blobs.read(blob, { start, end }) }
  }

  function post(c: SwiftContext, at: ObjectAddress): Response {
    const object = find(at)
    const contentType = c.req.header('content-type') ?? object.contentType
    repository.saveObject(at.account, at.container, {
      ...object,
      contentType,
      modifiedMs: nowMs(),
      metadata: objectMetadata(c.req.raw.headers),
    })
    return empty(c, 202, {})
  }

  async function removed(at: ObjectAddress): Promise<boolean> {
    const blob = repository.deleteObject(at.account, at.container, at.object)
    if (blob !== undefined) await blobs.delete(blob)
    return blob !== undefined
  }

  async function remove(c: SwiftContext, at: ObjectAddress): Promise<Response> {
    if (c.req.query('multipart-manifest') === 'delete') {
      const object = repository.object(at.account, at.container, at.object)
      if (isTrue(c.req.query('async'))) {
        await deleteStaticLater(at, object, manifestOf, removed)
        return empty(c, 204, {})
      }
      const { facts, problems } = await deleteStatic(at, object, { manifestOf, repository }, removed)
      const format = reportFormat(c)
      return respond(c, 200, { 'content-type': format }, report(format, facts, problems, 'delete'))
    }
    if (!(await removed(at))) throw new SwiftFault(404)
    return empty(c, 204, {})
  }

  return (c: SwiftContext, at: ObjectAddress, caller: Caller): Promise<Response> | Response => {
    refuseReserved(c)
    switch (c.req.raw.method) {
      case 'PUT':
        return put(c, at, caller)
      case 'GET':
      case 'HEAD':
        return get(c, at)
      case 'POST':
        return post(c, at)
      case 'DELETE':
        return remove(c, at)
      case 'COPY': {
        const destination = c.req.header('destination')
        if (!destination) throw new SwiftFault(412, 'Destination header required')
        const account = c.req.header('destination-account')
        const to = account === undefined ? at.account : parseAccount(account)
        return copy(c, caller, at, parseAddress(to, 'Destination', destination))
      }
      default:
        throw new SwiftFault(405, undefined, { Allow: 'COPY, DELETE, GET, HEAD, OPTIONS, POST, PUT' })
    }
  }
}

function checkPut(c: SwiftContext, at: ObjectAddress): void {
  const manifest = c.req.header('x-object-manifest')
  if (manifest !== undefined && !/^[^/?&]+\/[^/?&][^?&]*$/.test(manifest)) {
    throw new SwiftFault(400, 'X-Object-Manifest must be in the format container/prefix')
  }
  const length = c.req.header('content-length')
  if (length === undefined && c.req.header('transfer-encoding') === undefined) throw new SwiftFault(411)
  if (length !== undefined && Number(length) > swiftLimits.max_file_size) {
    throw new SwiftFault(413, 'Your request is too large.')
  }
  checkName(at)
  if (!isUtf8(Buffer.from(c.req.header('content-type') ?? '', 'latin1')))
    throw new SwiftFault(400, 'Invalid Content-Type')
  if (!/^\d+$/.test(length ?? '0')) throw new SwiftFault(400, 'Invalid Content-Length')
}

/** What makes a static large object is the query, never a header (swift/common/middleware/slo.py). */
function refuseReserved(c: SwiftContext): void {
  const { method, headers } = c.req.raw
  const query = c.req.query('multipart-manifest')
  const isManifest = (method === 'PUT' && query === 'put') || (method === 'DELETE' && query === 'delete')
  if (!headers.has('x-static-large-object') || isManifest || method === 'GET' || method === 'HEAD') return
  const remedy = 'To create a static large object add query param multipart-manifest=put.'
  throw new SwiftFault(400, `X-Static-Large-Object is a reserved header. ${remedy}`)
}

function headersOf(object: ObjectRecord): Record<string, string> {
  return {
    'Content-Type': object.contentType,
    Etag: object.etag,
    'Last-Modified': lastModified(object.modifiedMs),
    'X-Timestamp': swiftTimestamp(object.modifiedMs),
    'Accept-Ranges': 'bytes',
    ...(object.large ? { 'X-Static-Large-Object': 'True' } : {}),
    ...metadataHeaders(object.metadata),
  }
}
