import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { BlobTooLarge, type BlobStore, type PendingBlob } from '../blobs/blob-store.js'
import { SwiftFault } from './errors.js'
import { decode, empty, type SwiftContext } from './exchange.js'
import { metadataHeaders, objectMetadata, swiftLimits, type Metadata } from './metadata.js'
import { precondition, readRange } from './ranges.js'
import type { ObjectRecord, ObjectStoreRepository } from './repository.js'
import { lastModified, swiftTimestamp } from './timestamps.js'

interface ObjectAddress {
  readonly account: string
  readonly container: string
  readonly object: string
}

/** PUT, GET, HEAD, POST, DELETE and COPY of `/v1/{account}/{container}/{object}`. */
export function objectRoutes(repository: ObjectStoreRepository, blobs: BlobStore, nowMs: () => number) {
  const find = ({ account, container, object }: ObjectAddress): ObjectRecord => {
    const found = repository.object(account, container, object)
    if (!found) throw new SwiftFault(404)
    return found
  }
  const publish = async (at: ObjectAddress, pending: PendingBlob, contentType: string, metadata: Metadata) => {
    const record: ObjectRecord = {
      name: at.object,
      blob: pending.key,
      size: pending.sizeBytes,
      etag: pending.md5,
      contentType,
      modifiedMs: nowMs(),
      metadata,
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
    const contentType = headers.get('content-type') ?? 'application/octet-stream'
    const record = await publish(at, pending, contentType, metadata)
    return empty(201, { Etag: record.etag, 'Last-Modified': lastModified(record.modifiedMs) })
  }

  async function copy(c: SwiftContext, from: ObjectAddress, to: ObjectAddress): Promise<Response> {
    const { headers } = c.req.raw
    const source = find(from)
    if (!repository.container(to.account, to.container)) throw new SwiftFault(404)
    const isFresh = headers.get('x-fresh-metadata')?.toLowerCase() === 'true'
    const sent = objectMetadata(headers)
    const metadata = isFresh ? sent : { ...source.metadata, ...sent }
    const pending = await blobs.write(blobs.read(source.blob))
    const typed =
      c.req.raw.method === 'COPY' || headers.get('content-length') === '0' ? headers.get('content-type') : null
    const record = await publish(to, pending, typed ?? source.contentType, metadata)
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
    const headers = headersOf(object)
    const verdict = precondition(c.req.raw.headers, object.etag, object.modifiedMs)
    if (verdict === 'not-modified') return empty(304, headers)
    if (verdict === 'failed') throw new SwiftFault(412)
    const range = c.req.raw.method === 'GET' ? readRange(c.req.header('range'), object.size) : undefined
    const { start, end } = range ?? { start: 0, end: object.size - 1 }
    const length = end - start + 1
    const { outgoing } = c.env
    outgoing.writeHead(range ? 206 : 200, {
      ...headers,
      'Content-Length': String(length),
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${object.size}` } : {}),
      'X-Trans-Id': c.get('requestId'),
    })
    if (c.req.raw.method === 'HEAD' || length === 0) {
      outgoing.end()
      return RESPONSE_ALREADY_SENT
    }
    const bytes = Readable.from(blobs.read(object.blob, { start, end }), { objectMode: false, highWaterMark: 1 << 20 })
    // The head is out: a client learns from a connection cut short that bytes are missing.
    await pipeline(bytes, outgoing).catch(() => outgoing.destroy())
    return RESPONSE_ALREADY_SENT
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

  async function remove(at: ObjectAddress): Promise<Response> {
    const blob = repository.deleteObject(at.account, at.container, at.object)
    if (blob === undefined) throw new SwiftFault(404)
    await blobs.delete(blob)
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
        return remove(at)
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
  // Stored as if they were objects, manifests would be read back without a byte of what they stand for.
  if (c.req.header('x-object-manifest') !== undefined || c.req.query('multipart-manifest') !== undefined) {
    throw new SwiftFault(501, 'Objects in segments are not supported here: send the object in one piece.')
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
    ...metadataHeaders(object.metadata),
  }
}
