import { pythonRepr } from '../../python-repr.js'
import { boolean, nullable, text, type Schema } from '../schema.js'
import type { CatalogKind } from './catalog-entry.js'

const interfaces: readonly unknown[] = ['admin', 'internal', 'public']
const regionId = nullable(text({ most: 255 }))

const fields: Readonly<Record<CatalogKind, Schema['fields']>> = {
  services: {
    description: nullable(text()),
    enabled: boolean,
    name: nullable(text({ most: 255 })),
    type: text({ least: 1, most: 255 }),
  },
  endpoints: {
    description: nullable(text()),
    enabled: boolean,
    interface: (value) =>
      interfaces.includes(value)
        ? undefined
        : { message: `${pythonRepr(value)} is not one of ['admin', 'internal', 'public']` },
    name: text({ most: 255 }),
    region: nullable(text({ most: 255 })),
    region_id: regionId,
    service_id: text({ least: 1, most: 64, pattern: /^[a-zA-Z0-9-]+$/ }),
    url: text({ most: 225, pattern: /^[a-zA-Z0-9+.-]+:.+/ }),
  },
  regions: {
    description: nullable(text()),
    id: text({ most: 255 }),
    parent_region_id: regionId,
  },
}

/** keystone/catalog/schema.py `service_…`, `endpoint_…` and `region_create_request_body` */
export const newEntrySchemas: Readonly<Record<CatalogKind, Schema>> = {
  services: { required: ['type'], fields: fields.services },
  endpoints: { required: ['interface', 'service_id', 'url'], fields: fields.endpoints },
  regions: { fields: fields.regions },
}

/** keystone/catalog/schema.py `service_…`, `endpoint_…` and `region_update_request_body` */
export const entryUpdateSchemas: Readonly<Record<CatalogKind, Schema>> = {
  services: { isNonEmpty: true, fields: fields.services },
  endpoints: { isNonEmpty: true, fields: fields.endpoints },
  regions: { isNonEmpty: true, fields: fields.regions },
}
