import { octetStream } from '@tyrax/protocol'
import { respond, alreadySent } from '../../http/respond.js'
import { sendChunks } from '../../http/send-chunks.js'
import { Refusal } from '../../refusal.js'
import { refuseBody } from '../http/json-body.js'
import { readBytes } from '../http/octet-body.js'
import type { HttpContext } from '../../context.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { readRange } from './byte-range.js'
import { createDataService } from './data-service.js'

/** `/v2/images/{id}/file` (glance/api/v2/image_data.py). */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const data = createDataService(parts)
  mount('/images/:id/file', {
    GET: async (c) => {
      refuseBody(c)
      const image = data.findReadable(c.get('caller'), c.req.param('id') ?? '', preferredStores(c))
      const asked = { range: c.req.header('range'), contentRange: c.req.header('content-range') }
      if (image.size === null) {
        // Glance compares the range with the missing size, and responds with 500.
        if (asked.range !== undefined) {
          throw new Refusal('unsatisfiable-range', 'The image has no data to take a range of.')
        }
        return respond(c, 204)
      }
      const range = readRange(asked, image.size)
      const bytes = await data.read(image, range)
      if (bytes === undefined) return respond(c, 204)
      const length = range === undefined ? image.size : range.end - range.start + 1
      return sendBytes(c, bytes, {
        status: range === undefined ? 200 : 206,
        headers: {
          'Content-Type': octetStream,
          ...(range !== undefined && { 'Content-Range': `bytes ${range.start}-${range.end}/${image.size}` }),
          // The hash of the whole image even for a range, as in Glance.
          ...(image.checksum !== null && { 'Content-MD5': image.checksum }),
          'Content-Length': String(length),
        },
      })
    },
    PUT: async (c) => {
      await data.upload(c.get('caller'), c.req.param('id') ?? '', {
        ...readBytes(c),
        store: c.req.header('x-image-meta-store'),
      })
      return respond(c, 204)
    },
  })
}

/** `?prefer=a,b`: which store's copy to read first. */
function preferredStores(c: HttpContext): string[] {
  const stores = (c.req.query('prefer') ?? '').split(',').map((store) => store.trim())
  return stores.filter((store) => store !== '')
}

/**
 * Streams bytes to the client without a web Response, whose streams would cost most of a download's speed. If the
 * client disconnects, reading stops; if the source fails, the connection is closed, which shows the client that bytes
 * are missing.
 */
async function sendBytes(
  c: HttpContext,
  bytes: AsyncIterable<Uint8Array>,
  head: { readonly status: number; readonly headers: Readonly<Record<string, string>> },
): Promise<Response> {
  const { outgoing } = c.env
  outgoing.writeHead(head.status, head.headers)
  await sendChunks(outgoing, bytes)
  return alreadySent
}
