import { respond, respondJson } from '../../../http/respond.js'
import { jsonBody, refuseBody } from '../../http/json-body.js'
import type { Mount } from '../../http/resource.js'
import { wireTime } from '../../images/wire-time.js'
import { checkSchema } from '../../schemas/check-schema.js'
import { associationDocument } from '../../schemas/metadef-documents.js'
import { nameInPath } from '../path-names.js'
import { refuseReadOnly, times } from '../read-only-fields.js'
import { toAssociation, toWireAssociation } from './association.js'
import type { ResourceTypeService } from './resource-type-service.js'

/**
 * `/v2/metadefs/resource_types` and `/v2/metadefs/namespaces/{namespace}/resource_types`
 * (glance/api/v2/metadef_resource_types.py).
 */
export function mountResourceTypes(mount: Mount, resourceTypes: ResourceTypeService): void {
  mount('/metadefs/resource_types', {
    GET: (c) => {
      refuseBody(c)
      const types = resourceTypes.list(c.get('caller')).map(({ name, created_at, updated_at }) => ({
        name,
        created_at: wireTime(created_at),
        ...(updated_at !== null && { updated_at: wireTime(updated_at) }),
      }))
      return respondJson(c, { resource_types: types })
    },
  })
  mount('/metadefs/namespaces/:namespace/resource_types', {
    GET: (c) => {
      refuseBody(c)
      const associations = resourceTypes.associations(c.get('caller'), nameInPath(c, 'namespace'))
      return respondJson(c, { resource_type_associations: associations.map(toWireAssociation) })
    },
    POST: async (c) => {
      const body = await jsonBody(c)
      refuseReadOnly(body, times)
      checkSchema(associationDocument, body)
      const association = toAssociation(body as Readonly<Record<string, unknown>>, associationDocument.name)
      const created = resourceTypes.associate(c.get('caller'), nameInPath(c, 'namespace'), association)
      return respondJson(c, toWireAssociation(created), 201)
    },
  })
  mount('/metadefs/namespaces/:namespace/resource_types/:name', {
    DELETE: (c) => {
      refuseBody(c)
      resourceTypes.dissociate(c.get('caller'), nameInPath(c, 'namespace'), nameInPath(c, 'name'))
      return respond(c, 204)
    },
  })
}
