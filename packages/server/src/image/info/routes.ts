import { isReadOnly, type ImageConfig } from '../../config/cloud-config.js'
import { respondJson } from '../../http/respond.js'
import { notAuthorized, notFound } from '../errors.js'
import { refuseBody } from '../http/json-body.js'
import type { Mount } from '../http/resource.js'
import type { ImageParts } from '../parts.js'

/** `/v2/info/…`: how this cloud is configured (glance/api/v2/discovery.py). */
export function mountRoutes(mount: Mount, { config }: ImageParts): void {
  mount('/info/import', {
    GET: (c) => {
      refuseBody(c)
      return respondJson(c, {
        'import-methods': {
          description: 'Import methods available.',
          type: 'array',
          value: config.importMethods,
        },
      })
    },
  })
  mount('/info/stores', {
    GET: (c) => {
      refuseBody(c)
      return respondJson(c, { stores: listStores(config) })
    },
  })
  mount('/info/stores/detail', {
    GET: (c) => {
      refuseBody(c)
      if (!c.get('caller').isAdmin) throw notAuthorized('stores_info_detail')
      return respondJson(c, {
        stores: listStores(config).map((store, at) => ({
          ...store,
          type: config.stores[at]?.type ?? 'file',
          weight: 0,
          properties: {},
        })),
      })
    },
  })
}

/** The stores as clients see them: true is the string "true", false is left out. */
function listStores(config: ImageConfig) {
  if (config.stores.length === 0) throw notFound('Multi backend is not supported at this site.')
  return config.stores.map((store) => ({
    id: store.id,
    ...(store.description !== undefined && { description: store.description }),
    ...(store.default === true && { default: 'true' }),
    ...(isReadOnly(store) && { 'read-only': 'true' }),
  }))
}
