import { respondJson } from '../../http/respond.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import { schemaDocuments } from './documents.js'

/** `/v2/schemas/{name}` (glance/api/v2/schemas.py). */
export function mountRoutes(mount: Mount): void {
  for (const [name, document] of Object.entries(schemaDocuments)) {
    mount(`/schemas/${name}`, {
      GET: (c) => {
        refuseBody(c)
        return respondJson(c, document)
      },
    })
  }
}
