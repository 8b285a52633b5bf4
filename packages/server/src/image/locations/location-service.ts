import { importProperties } from '@tyrax/protocol'
import type { Caller } from '../../context.js'
import { mayOwn } from '../access/policy.js'
import { conflict, forbidden, invalid, notAuthorized } from '../errors.js'
import { holdImage } from '../imports/held-image.js'
import { createImportRepository } from '../imports/import-repository.js'
import { filterUrl } from '../imports/web/import-filter.js'
import type { ImageParts } from '../parts.js'
import { storeOfUrl, type WireLocation } from './location.js'
import { requireHash, type LocationRequest } from './location-request.js'
import { runLocationImport } from './run-location-import.js'

/** The locations of an image as a resource of their own (glance/api/v2/images.py `add_location`, `get_locations`). */
export interface LocationService {
  /** @throws not-found; forbidden for callers that are no service */
  list(caller: Caller, imageId: string): WireLocation[]
  /**
   * Checks the request, and starts the task that gives a queued image its location.
   * @throws not-found; conflict for an image that is not queued or that another task holds; forbidden; invalid for a hash
   * that cannot be one, and for a URL that is filtered
   */
  add(caller: Caller, imageId: string, request: LocationRequest, requestId: string): Promise<void>
}

export function createLocationService(parts: ImageParts): LocationService {
  const { images, db, config, locations, tasks, clock } = parts
  const imports = createImportRepository(db)
  return {
    list(caller, imageId) {
      const image = images.get(caller, imageId)
      if (!isService(caller)) throw notAuthorized('fetch_image_location')
      return image.locations.map(locations.show)
    },
    async add(caller, imageId, { url, validation }, requestId) {
      const image = images.get(caller, imageId)
      if (image.status !== 'queued') {
        throw conflict(`It's not allowed to add locations if image status is ${image.status}.`)
      }
      if (!isService(caller) && (!caller.roles.includes('member') || !mayOwn(caller, image))) {
        throw notAuthorized('add_image_location')
      }
      const store = storeOfUrl(url, config)
      if (!isService(caller) && store === undefined) {
        throw forbidden('http store must be enabled to use location API by normal user.')
      }
      if (validation !== undefined) requireHash(validation)
      if (/^https?:/i.test(url) && (await filterUrl(url, config.importFilter)) === undefined) {
        throw invalid(`URI for add location does not pass filtering: ${url}`)
      }
      if (images.get(caller, imageId).properties[importProperties.task] !== undefined) {
        throw conflict('Image has active task')
      }
      const input = { image_id: imageId, loc_url: url, validation_data: validation ?? {} }
      const task = tasks.make(caller, { type: 'location_import', imageId, input, requestId })
      if (!imports.begin(task, imageId, clock())) {
        throw conflict(`New operation on image '${imageId}' is not permitted as prior operation is still in progress`)
      }
      const held = holdImage({ ...parts, imports }, task.id, imageId)
      tasks.run(task, ({ signal }) => runLocationImport({ url, store, validation }, held, signal, parts))
    },
  }
}

function isService({ roles }: Caller): boolean {
  return roles.includes('service')
}
