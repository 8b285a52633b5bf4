import { respond, respondJson } from '../../../http/respond.js'
import { jsonBody, refuseBody } from '../../http/json-body.js'
import type { Mount } from '../../http/resource.js'
import { checkVisibilityFilter, readDirection, readLimit } from '../page-parameters.js'
import { queryOf } from '../../http/query.js'
import { nameInPath } from '../path-names.js'
import { linksAndTimes, refuseReadOnly } from '../read-only-fields.js'
import { parseObject, readObject, toWireObject, type NewObject } from './metadef-object.js'
import type { ObjectService } from './object-service.js'

/** `/v2/metadefs/namespaces/{namespace}/objects` (glance/api/v2/metadef_objects.py). */
export function mountObjects(mount: Mount, objects: ObjectService): void {
  mount('/metadefs/namespaces/:namespace/objects', {
    GET: (c) => {
      const parameters = queryOf(c)
      readDirection(parameters.get('sort_dir'))
      checkVisibilityFilter(parameters.get('visibility'))
      readLimit(parameters.get('limit'), 1)
      const namespace = nameInPath(c, 'namespace')
      const listed = objects.list(c.get('caller'), namespace)
      return respondJson(c, {
        objects: listed.map((each) => toWireObject(namespace, readObject(each), each)),
        // Without the slash that all other links begin with, as in Glance.
        schema: 'v2/schemas/metadefs/objects',
      })
    },
    POST: async (c) => {
      const object = readBody(await jsonBody(c))
      const namespace = nameInPath(c, 'namespace')
      const created = objects.create(c.get('caller'), namespace, object)
      return respondJson(c, toWireObject(namespace, object, created), 201)
    },
    DELETE: (c) => {
      objects.removeAll(c.get('caller'), nameInPath(c, 'namespace'))
      return respond(c, 204)
    },
  })
  mount('/metadefs/namespaces/:namespace/objects/:name', {
    GET: (c) => {
      refuseBody(c)
      const namespace = nameInPath(c, 'namespace')
      const object = objects.get(c.get('caller'), namespace, nameInPath(c, 'name'))
      return respondJson(c, toWireObject(namespace, readObject(object), object))
    },
    PUT: async (c) => {
      const object = readBody(await jsonBody(c))
      const namespace = nameInPath(c, 'namespace')
      const updated = objects.update(c.get('caller'), namespace, nameInPath(c, 'name'), object)
      return respondJson(c, toWireObject(namespace, object, updated))
    },
    DELETE: (c) => {
      refuseBody(c)
      objects.remove(c.get('caller'), nameInPath(c, 'namespace'), nameInPath(c, 'name'))
      return respond(c, 204)
    },
  })
}

function readBody(body: unknown): NewObject {
  refuseReadOnly(body, linksAndTimes)
  return parseObject(body)
}
