import type { HttpContext } from '../../context.js'
import { Refusal } from '../../refusal.js'
import type { Access } from '../access/access.js'
import type { ObjectAddress } from '../address.js'
import { deleteAtOf } from '../expiry/delete-at.js'
import { readRange } from '../http/conditions.js'
import { readObjectMetadata } from '../http/metadata-headers.js'
import { isCutShort } from '../http/request-body.js'
import { type Handler, resource } from '../http/resource.js'
import { accepted, empty } from '../http/response.js'
import type { ContentOf } from './content.js'
import type { CopyRequest, CopyService } from './copy-service.js'
import { readCopy, readPut, readPutCopy } from './object-input.js'
import type { ObjectRecord } from './object-record.js'
import type { ObjectService } from './object-service.js'
import type { RequireRoom } from './room.js'
import { copiedHeaders, sendContent, writtenHeaders } from './object-wire.js'

interface ObjectRouteParts {
  readonly objects: ObjectService
  readonly copies: CopyService
  readonly contentOf: ContentOf
  readonly requireRoom: RequireRoom
}

/** `/v1/{account}/{container}/{object}` (swift/proxy/controllers/obj.py, swift/common/middleware/copy.py). */
export function objectRoutes({ objects, copies, contentOf, requireRoom }: ObjectRouteParts): Handler<ObjectAddress> {
  const get: Handler<ObjectAddress> = async (c, at, access) => {
    const object = objects.get(at)
    const content = await contentOf(at.account, object, access)
    return sendContent(c, object, content, object.large ? { 'X-Manifest-Etag': object.etag } : {})
  }

  const copy = async (c: HttpContext, request: CopyRequest, access: Access): Promise<Response> => {
    const opened = copies.open(access, request, 'content')
    const record = await copies.copyContent(opened, readRange(c))
    return empty(c, 201, { ...writtenHeaders(record), ...copiedHeaders(opened) })
  }

  return resource({
    PUT: async (c, at, access) => {
      const input = readPut(c, at)
      objects.admit(at, input)
      const request = readPutCopy(c, at)
      if (request !== undefined) return copy(c, request, access)
      requireRoom(at, Number(c.req.header('content-length') ?? 0), access)
      const record = await objects.put(at, c.env.incoming, input).catch((error: unknown) => {
        throw !(error instanceof Refusal) && isCutShort(c) ? new Refusal('cut-short') : error
      })
      return empty(c, 201, writtenHeaders(record))
    },
    GET: get,
    HEAD: get,
    POST: (c, at) => {
      objects.update(at, c.req.header('content-type'), readObjectMetadata(c))
      return accepted(c)
    },
    DELETE: async (c, at) => {
      requireExpiry(objects.find(at), c.req.header('x-if-delete-at'))
      if (!(await objects.remove(at))) throw new Refusal('not-found')
      return empty(c, 204)
    },
    COPY: (c, at, access) => copy(c, readCopy(c, at), access),
  })
}

/**
 * The condition that an object expires at a time (swift/obj/server.py `DELETE`).
 * @throws Refusal invalid; failed-condition
 */
function requireExpiry(object: ObjectRecord | undefined, wanted: string | undefined): void {
  if (wanted === undefined) return
  if (!/^\s*[+-]?\d+\s*$/.test(wanted)) throw new Refusal('invalid', 'Bad X-If-Delete-At header value')
  if (object === undefined || deleteAtOf(object.metadata) === Number(wanted)) return
  throw new Refusal('failed-condition', 'X-If-Delete-At and X-Delete-At do not match')
}
