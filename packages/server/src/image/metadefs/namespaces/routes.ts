import { respond, respondJson } from '../../../http/respond.js'
import { jsonBody, refuseBody } from '../../http/json-body.js'
import type { Mount } from '../../http/resource.js'
import { pageLinks } from '../../images/listing/page-links.js'
import { namespacePath } from '../namespace-path.js'
import { queryOf } from '../../http/query.js'
import { nameInPath } from '../path-names.js'
import { linksAndTimes, refuseReadOnly } from '../read-only-fields.js'
import { parseNamespace, parseNewNamespace, toWireNamespace, withPrefix } from './metadef-namespace.js'
import { parseNamespaceQuery, readNamespaceVisibility } from './namespace-query.js'
import type { NamespaceService } from './namespace-service.js'

/** `/v2/metadefs/namespaces` (glance/api/v2/metadef_namespaces.py). */
export function mountNamespaces(mount: Mount, namespaces: NamespaceService, serviceUrl: string): void {
  mount('/metadefs/namespaces', {
    GET: (c) => {
      const parameters = queryOf(c)
      const page = namespaces.list(c.get('caller'), parseNamespaceQuery(parameters))
      return respondJson(c, {
        namespaces: page.namespaces.map(({ namespace, content }) => toWireNamespace(namespace, content)),
        ...pageLinks(parameters, page.nextMarker, '/v2/metadefs/namespaces'),
        schema: '/v2/schemas/metadefs/namespaces',
      })
    },
    POST: async (c) => {
      const body = await jsonBody(c)
      refuseReadOnly(body, linksAndTimes)
      const given = parseNewNamespace(body)
      const created = namespaces.create(c.get('caller'), given)
      const { resource_type_associations, properties, objects, tags } = given
      return respondJson(c, toWireNamespace(created, { resource_type_associations, properties, objects, tags }), 201, {
        location: serviceUrl + encodeURI(namespacePath(created.namespace)),
      })
    },
  })
  mount('/metadefs/namespaces/:namespace', {
    GET: (c) => {
      refuseBody(c)
      const parameters = queryOf(c)
      readNamespaceVisibility(parameters)
      const { namespace, content } = namespaces.get(c.get('caller'), nameInPath(c, 'namespace'))
      return respondJson(c, toWireNamespace(namespace, withPrefix(content, parameters.get('resource_type') ?? '')))
    },
    PUT: async (c) => {
      const body = await jsonBody(c)
      refuseReadOnly(body, linksAndTimes)
      const given = parseNamespace(body)
      return respondJson(c, toWireNamespace(namespaces.update(c.get('caller'), nameInPath(c, 'namespace'), given)))
    },
    DELETE: (c) => {
      refuseBody(c)
      namespaces.remove(c.get('caller'), nameInPath(c, 'namespace'))
      return respond(c, 204)
    },
  })
}
