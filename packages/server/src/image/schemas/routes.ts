import { respondJson } from '../../http/respond.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { schemaDocuments } from './documents.js'
import { metadefDocuments } from './metadef-documents.js'

/** `/v2/schemas/{name}` and `/v2/schemas/metadefs/{name}` (glance/api/v2/schemas.py). */
export function mountRoutes(mount: Mount, { fieldSchemas }: ImageParts): void {
  const documents = [
    ...Object.entries(schemaDocuments(fieldSchemas)),
    ...Object.entries(metadefDocuments).map(([name, document]) => [`metadefs/${name}`, document] as const),
  ]
  for (const [name, document] of documents) {
    mount(`/schemas/${name}`, {
      GET: (c) => {
        refuseBody(c)
        return respondJson(c, document)
      },
    })
  }
}
