import { octetStream } from '@tyrax/protocol'
import type { IncomingMessage } from 'node:http'
import type { HttpContext } from '../../context.js'
import { Refusal } from '../../refusal.js'
import { invalid } from '../errors.js'
import { mediaTypeOf } from './media-type.js'

/**
 * The bytes of a request's body, and their declared size.
 * @throws unsupported-data for another Content-Type; invalid for a size that is not a number
 */
export function readBytes(c: HttpContext): { bytes: AsyncIterable<Uint8Array>; declaredSize: number | undefined } {
  if (mediaTypeOf(c) !== octetStream) {
    throw new Refusal('unsupported-data', `Invalid content type ${mediaTypeOf(c) ?? 'None'}`)
  }
  return { bytes: bodyOf(c.env.incoming), declaredSize: declaredSize(c) }
}

/** Stops reading without closing the connection, because a refusal still has to be sent over it. */
function bodyOf(incoming: IncomingMessage): AsyncIterable<Uint8Array> {
  return { [Symbol.asyncIterator]: () => incoming.iterator({ destroyOnReturn: false }) }
}

/**
 * `x-openstack-image-size`, otherwise Content-Length; zero means undeclared (`RequestDeserializer._get_image_size`).
 */
function declaredSize(c: HttpContext): number | undefined {
  const said = c.req.header('x-openstack-image-size')
  if (said !== undefined && !/^\s*[-+]?\d+\s*$/.test(said)) {
    throw invalid('Invalid or missing image size in request headers.')
  }
  return Number(said ?? c.req.header('content-length') ?? 0) || undefined
}
