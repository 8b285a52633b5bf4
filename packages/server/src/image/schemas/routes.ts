import { respondJson } from '../../http/respond.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { schemaDocuments } from './documents.js'

/** `/v2/schemas/{name}` (glance/api/v2/schemas.py). */
export function mountRoutes(mount: Mount, { fieldSchemas }: ImageParts): void {
  for (const [name, document] of Object.entries(schemaDocuments(fieldSchemas))) {
    mount(`/schemas/${name}`, {
      GET: (c) => {
        refuseBody(c)
        return respondJson(c, document)
      },
    })
  }
}
