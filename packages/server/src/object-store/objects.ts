import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { BlobTooLarge, type BlobStore, type PendingBlob } from '../blobs/blob-store.js'
import { SwiftFault } from './errors.js'
import { decode, empty, type ObjectAddress, type SwiftContext } from './exchange.js'
import { type Content, contents, SegmentGone } from './large/content.js'
import { rawManifest } from './large/manifest.js'
import { report, reportFormat } from './large/report.js'
import { checkManifest, deleteStatic, md5Of, statusLine } from './large/static-objects.js'
import { metadataHeaders, objectMetadata, swiftLimits, type Metadata } from './metadata.js'
import { precondition, readRange } from './ranges.js'
import type { ObjectRecord, ObjectStoreRepository } from './repository.js'
import { lastModified, swiftTimestamp } from './timestamps.js'

/** PUT, GET, HEAD, POST, DELETE and COPY of `/v1/{account}/{container}/{object}`. */
export function objectRoutes(repository: ObjectStoreRepository, blobs: BlobStore, nowMs: () => number) {
  const find = ({ account, container, object }: ObjectAddress): ObjectRecord => {
    const found = repository.object(account, container, object)
    if (!found) throw new SwiftFault(404)
    return found
  }
  const { contentOf, manifestOf } = contents(repository, blobs)
  const publish = async (
    at: ObjectAddress,
    pending: PendingBlob,
    { contentType, metadata, large }: Pick<ObjectRecord, 'contentType' | 'metadata' | 'large'>,
  ) => {
    const record: ObjectRecord = {
      name: at.object,
      blob: pending.key,
      size: pending.sizeBytes,
      etag: pending.md5,
      contentType,
      modifiedMs: nowMs(),
      metadata,
      large,
    }
    let unused: string | undefined
    await pending.publish(() => {
      if (!repository.container(at.account, at.container)) throw new SwiftFault(404)
      unused = repository.saveObject(at.account, at.container, record)
    })
    if (unused !== undefined) await blobs.delete(unused)
    return record
  }

  async function put(c: SwiftContext, at: ObjectAddress): Promise<Response> {
    const { headers } = c.req.raw
    checkPut(c, at)
    if (!repository.container(at.account, at.container)) throw new SwiftFault(404)
    if (headers.get('if-none-match') === '*' && repository.object(at.account, at.container, at.object)) {
      throw new SwiftFault(412)
    }
    const metadata = objectMetadata(headers)
    const copyFrom = headers.get('x-copy-from')
    if (c.req.query('multipart-manifest') === 'put') return putStatic(c, at, metadata)
    if (copyFrom !== null) return copy(c, parseAddress(at.account, copyFrom), at)

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
    const record = await publish(at, pending, { contentType: typeOf(headers), metadata })
    return empty(201, { Etag: record.etag, 'Last-Modified': lastModified(record.modifiedMs) })
  }

  /** Of a manifest with `heartbeat`, the outcome is in the body, and the status is 202 whatever it is. */
  async function putStatic(c: SwiftContext, at: ObjectAddress, metadata: Metadata): Promise<Response> {
    const { headers } = c.req.raw
    if (headers.has('x-copy-from')) throw new SwiftFault(405, 'Multipart Manifest PUTs cannot be COPY requests')
    const format = reportFormat(c)
    const beats = ['true', '1', 'yes', 'on', 't', 'y'].includes((c.req.query('heartbeat') ?? '').toLowerCase())
    const answer = (status: number, body: string) => new Response(body, { status, headers: { 'Content-Type': format } })
    const refuse = (fault: SwiftFault): Response => {
      if (!beats) throw fault
      const facts = { 'Response Status': statusLine(fault.status), 'Response Body': fault.message }
      return answer(202, ` \r\n\r\n${report(format, facts, [], 'upload')}`)
    }
    const manifest = await checkManifest(c, at, { repository, contentOf })
    if ('problems' in manifest) {
      if (!beats) return answer(400, report(format, {}, manifest.problems, 'upload'))
      const facts = { 'Response Status': statusLine(400), 'Response Body': new SwiftFault(400).message }
      return answer(202, ` \r\n\r\n${report(format, facts, manifest.problems, 'upload')}`)
    }
    const expected = headers.get('etag')?.replaceAll('"', '')
    if (expected && expected !== manifest.etag) return refuse(new SwiftFault(422))
    const { json, etag, size } = manifest
    const pending = await blobs.write(one(json))
    const record = await publish(at, pending, { contentType: typeOf(headers), metadata, large: { etag, size } })
    const made = { Etag: `"${etag}"`, 'Last-Modified': lastModified(record.modifiedMs) }
    if (!beats) return empty(201, made)
    const facts = {
      'Response Status': statusLine(201),
      'Response Body': '',
      Etag: made.Etag,
      'Last Modified': made['Last-Modified'],
    }
    return answer(202, ` \r\n\r\n${report(format, facts, [], 'upload')}`)
  }

  async function copy(c: SwiftContext, from: ObjectAddress, to: ObjectAddress): Promise<Response> {
    const { headers } = c.req.raw
    const source = find(from)
    if (!repository.container(to.account, to.container)) throw new SwiftFault(404)
    const isFresh = headers.get('x-fresh-metadata')?.toLowerCase() === 'true'
    const sent = objectMetadata(headers)
    const asManifest = c.req.query('multipart-manifest') === 'get'
    const content = contentOf(from.account, source)
    const { 'x-object-manifest': manifest, ...kept } = source.metadata
    const old = { ...(isFresh ? {} : kept), ...(asManifest && manifest ? { 'x-object-manifest': manifest } : {}) }
    const metadata = { ...old, ...sent }
    if (!asManifest && content.size > swiftLimits.max_file_size) throw new SwiftFault(413, 'Your request is too large.')
    const pending = await blobs.write(asManifest ? blobs.read(source.blob) : content.read(0, content.size - 1))
    const typed =
      c.req.raw.method === 'COPY' || headers.get('content-length') === '0' ? headers.get('content-type') : null
    const record = await publish(to, pending, {
      contentType: typed ?? source.contentType,
      metadata,
      large: asManifest ? source.large : undefined,
    })
    return empty(201, {
      Etag: record.etag,
      'Last-Modified': lastModified(record.modifiedMs),
      'X-Copied-From': `${encodeURIComponent(from.container)}/${encodeURIComponent(from.object)}`,
      'X-Copied-From-Account': from.account,
      'X-Copied-From-Last-Modified': lastModified(source.modifiedMs),
      ...metadataHeaders(metadata),
    })
  }

  async function get(c: SwiftContext, at: ObjectAddress): Promise<Response> {
    const object = find(at)
    const isManifest = c.req.query('multipart-manifest') === 'get'
    if (isManifest && object.large && c.req.query('format') === 'raw') return getRaw(c, object)
    const content = isManifest ? ownContent(object) : contentOf(at.account, object)
    const headers = {
      ...headersOf(object),
      'Content-Length': String(content.size),
      Etag: content.isLarge ? `"${content.etag}"` : content.etag,
      ...(object.large && content.isLarge ? { 'X-Manifest-Etag': object.etag } : {}),
      ...(object.large && isManifest ? { 'Content-Type': 'application/json; charset=utf-8' } : {}),
    }
    const verdict = precondition(c.req.raw.headers, content.etag, object.modifiedMs)
    if (verdict === 'not-modified') return empty(304, headers)
    if (verdict === 'failed') throw new SwiftFault(412)
    const range = c.req.raw.method === 'GET' ? readRange(c.req.header('range'), content.size) : undefined
    const { start, end } = range ?? { start: 0, end: content.size - 1 }
    const length = end - start + 1
    const hasBody = c.req.raw.method !== 'HEAD' && length > 0
    const bytes = hasBody ? await begun(content.read(start, end)) : undefined
    const { outgoing } = c.env
    outgoing.writeHead(range ? 206 : 200, {
      ...headers,
      'Content-Length': String(length),
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${content.size}` } : {}),
      'X-Trans-Id': c.get('requestId'),
    })
    if (!bytes) {
      outgoing.end()
      return RESPONSE_ALREADY_SENT
    }
    const stream = Readable.from(bytes, { objectMode: false, highWaterMark: 1 << 20 })
    // The head is out: a client learns from a connection cut short that bytes are missing.
    await pipeline(stream, outgoing).catch(() => outgoing.destroy())
    return RESPONSE_ALREADY_SENT
  }

  async function getRaw(c: SwiftContext, object: ObjectRecord): Promise<Response> {
    const body = rawManifest(await manifestOf(object))
    const length = String(Buffer.byteLength(body))
    const headers = { ...headersOf(object), 'Content-Length': length, Etag: md5Of(body) }
    return new Response(c.req.raw.method === 'HEAD' ? null : body, { status: 200, headers })
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
    return empty(202, {})
  }

  async function removed(at: ObjectAddress): Promise<boolean> {
    const blob = repository.deleteObject(at.account, at.container, at.object)
    if (blob !== undefined) await blobs.delete(blob)
    return blob !== undefined
  }

  async function remove(c: SwiftContext, at: ObjectAddress): Promise<Response> {
    if (c.req.query('multipart-manifest') === 'delete') {
      const object = repository.object(at.account, at.container, at.object)
      const { facts, problems } = await deleteStatic(at, object, { manifestOf, repository }, removed)
      const format = reportFormat(c)
      return new Response(report(format, facts, problems, 'delete'), { headers: { 'Content-Type': format } })
    }
    if (!(await removed(at))) throw new SwiftFault(404)
    return empty(204, {})
  }

  return (c: SwiftContext, at: ObjectAddress): Promise<Response> | Response => {
    switch (c.req.raw.method) {
      case 'PUT':
        return put(c, at)
      case 'GET':
      case 'HEAD':
        return get(c, at)
      case 'POST':
        return post(c, at)
      case 'DELETE':
        return remove(c, at)
      case 'COPY': {
        const destination = c.req.header('destination')
        if (destination === undefined) throw new SwiftFault(412, 'Destination header required')
        return copy(c, at, parseAddress(at.account, destination))
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
  if (Buffer.byteLength(at.object) > swiftLimits.max_object_name_length) {
    throw new SwiftFault(400, `Object name length of ${Buffer.byteLength(at.object)} longer than 1024`)
  }
  if (!/^\d+$/.test(length ?? '0')) throw new SwiftFault(400, 'Invalid Content-Length')
}

/** `container/object` of a copy header, with or without a leading slash, percent-encoded. */
function parseAddress(account: string, value: string): ObjectAddress {
  const [container = '', ...rest] = value.replace(/^\//, '').split('/')
  const object = rest.join('/')
  if (container === '' || object === '') {
    throw new SwiftFault(412, 'X-Copy-From header must be of the form <container name>/<object name>')
  }
  return { account, container: decode(container), object: decode(object) }
}

function headersOf(object: ObjectRecord): Record<string, string> {
  return {
    'Content-Type': object.contentType,
    'Content-Length': String(object.size),
    Etag: object.etag,
    'Last-Modified': lastModified(object.modifiedMs),
    'X-Timestamp': swiftTimestamp(object.modifiedMs),
    'Accept-Ranges': 'bytes',
    ...(object.large ? { 'X-Static-Large-Object': 'True' } : {}),
    ...metadataHeaders(object.metadata),
  }
}

function typeOf(headers: Headers): string {
  return headers.get('content-type') ?? 'application/octet-stream'
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/**
 * The same bytes, the first of them read already: while nothing is sent, a segment that is gone is still a status.
 * @throws SwiftFault 409
 */
async function begun(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const iterator = bytes[Symbol.asyncIterator]()
  let next = await iterator.next().catch((error: unknown) => {
    if (error instanceof SegmentGone) throw new SwiftFault(409)
    throw error
  })
  return (async function* () {
    try {
      for (; !next.done; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  })()
}
