import { respond } from '../../http/respond.js'
import { jsonBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'
import { parseImport } from './import-request.js'
import { createImportService } from './import-service.js'

/** `/v2/images/{id}/import` (glance/api/v2/images.py `import_image`). */
export function mountRoutes(mount: Mount, parts: ImageParts): void {
  const imports = createImportService(parts)
  mount('/images/:id/import', {
    POST: async (c) => {
      const store = c.req.header('x-image-meta-store')
      const request = parseImport(await jsonBody(c), store, parts.config.importMethods)
      await imports.start(c.get('caller'), c.req.param('id') ?? '', request, c.get('requestId'))
      return respond(c, 202)
    },
  })
}
