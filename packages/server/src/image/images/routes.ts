import { HttpRefusal } from '../../http/http-refusal.js'
import { respond } from '../../http/respond.js'
import { jsonBody, refuseBody } from '../http/json-body.js'
import { mediaTypeOf } from '../http/media-type.js'
import { queryOf } from '../http/query.js'
import type { HttpContext } from '../../context.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { parseNewImage } from './fields/new-image.js'
import type { ImageRecord } from './image-record.js'
import { createImageWire } from './image-wire.js'
import { parseListQuery } from './listing/list-query.js'
import { pageLinks } from './listing/page-links.js'
import { parsePatchInTurns, patchDialects } from './patch/parse-patch.js'

/**
 * `/v2/images` and `/v2/images/{id}` (glance/api/v2/images.py). As in Glance, the links in a body are path-absolute,
 * whatever the service's URL is.
 */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const { images, config, fieldSchemas, protections, serviceUrl } = parts
  const { renderImage, renderImagePage } = createImageWire({ config, locationUrls: parts.locations })
  const readable = (c: HttpContext, image: ImageRecord) => protections?.readable(c.get('caller'), image) ?? image
  mount('/images', {
    GET: async (c) => {
      const parameters = queryOf(c)
      const page = await images.list(c.get('caller'), parseListQuery(parameters))
      return answer(
        c,
        renderImagePage(
          protections ? page.images.map((image) => readable(c, image)) : page.images,
          pageLinks(parameters, page.nextMarker),
        ),
      )
    },
    POST: async (c) => {
      const image = images.create(
        c.get('caller'),
        parseNewImage(await jsonBody(c), fieldSchemas, config.defaultVisibility),
      )
      return answer(c, renderImage(readable(c, image)), 201, {
        location: `${serviceUrl}/v2/images/${image.id}`,
        ...(config.importMethods.length > 0 && { 'openstack-image-import-methods': config.importMethods.join(',') }),
        ...(config.stores.length > 0 && {
          'openstack-image-store-ids': config.stores.map((store) => store.id).join(','),
        }),
      })
    },
  })
  mount('/images/:id', {
    GET: (c) => {
      refuseBody(c)
      return answer(c, renderImage(readable(c, images.get(c.get('caller'), c.req.param('id') ?? ''))))
    },
    PATCH: async (c) => {
      const dialect = patchDialects.get(mediaTypeOf(c) ?? '')
      if (dialect === undefined) {
        const accepted = [...patchDialects.keys()].sort().join(', ')
        throw new HttpRefusal('unsupported-data', `Image PATCH expects Content-Type one of: ${accepted}`, {
          'Accept-Patch': accepted,
        })
      }
      const changes = await parsePatchInTurns(await jsonBody(c), dialect, fieldSchemas)
      const changed = await images.update(c.get('caller'), c.req.param('id') ?? '', changes)
      return answer(c, renderImage(readable(c, changed)))
    },
    DELETE: async (c) => {
      refuseBody(c)
      await images.delete(c.get('caller'), c.req.param('id') ?? '')
      return respond(c, 204)
    },
  })
}

function answer(c: HttpContext, json: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return respond(c, status, { 'content-type': 'application/json', ...headers }, json)
}
