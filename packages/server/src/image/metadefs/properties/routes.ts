import { respond, respondJson } from '../../../http/respond.js'
import { jsonBody, refuseBody } from '../../http/json-body.js'
import type { Mount } from '../../http/resource.js'
import { checkSchema } from '../../schemas/check-schema.js'
import { propertyDocument } from '../../schemas/metadef-documents.js'
import { queryOf } from '../../http/query.js'
import { nameInPath } from '../path-names.js'
import { refuseReadOnly, times } from '../read-only-fields.js'
import type { NewProperty, PropertyService } from './property-service.js'
import { toPropertyType } from './property-type.js'

/** `/v2/metadefs/namespaces/{namespace}/properties` (glance/api/v2/metadef_properties.py). */
export function mountProperties(mount: Mount, properties: PropertyService): void {
  mount('/metadefs/namespaces/:namespace/properties', {
    GET: (c) => {
      refuseBody(c)
      const listed = properties.list(c.get('caller'), nameInPath(c, 'namespace'))
      const map = listed.map(({ name, content }) => [name, JSON.parse(content) as object] as const)
      return respondJson(c, { properties: Object.fromEntries(map) })
    },
    POST: async (c) => {
      const property = readProperty(await jsonBody(c))
      properties.create(c.get('caller'), nameInPath(c, 'namespace'), property)
      return respondJson(c, toWire(property), 201)
    },
    DELETE: (c) => {
      properties.removeAll(c.get('caller'), nameInPath(c, 'namespace'))
      return respond(c, 204)
    },
  })
  mount('/metadefs/namespaces/:namespace/properties/:name', {
    GET: (c) => {
      const type = queryOf(c).get('resource_type') ?? undefined
      return respondJson(
        c,
        toWire(properties.get(c.get('caller'), nameInPath(c, 'namespace'), nameInPath(c, 'name'), type)),
      )
    },
    PUT: async (c) => {
      const property = readProperty(await jsonBody(c))
      properties.update(c.get('caller'), nameInPath(c, 'namespace'), nameInPath(c, 'name'), property)
      return respondJson(c, toWire(property))
    },
    DELETE: (c) => {
      properties.remove(c.get('caller'), nameInPath(c, 'namespace'), nameInPath(c, 'name'))
      return respond(c, 204)
    },
  })
}

/**
 * The name is kept in the content, too, so that maps show it again, unlike that of a property that was created with its
 * namespace.
 * @throws forbidden, invalid
 */
function readProperty(body: unknown): NewProperty {
  refuseReadOnly(body, times)
  checkSchema(propertyDocument, body)
  const property = body as Readonly<Record<string, unknown>> & { readonly name: string }
  const { name } = property
  return { name, content: JSON.stringify({ name, ...toPropertyType(property, 'property') }) }
}

function toWire({ name, content }: NewProperty): object {
  return { ...(JSON.parse(content) as object), name }
}
