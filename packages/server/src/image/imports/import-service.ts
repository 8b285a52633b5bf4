import { importProperties } from '@tyrax/protocol'
import { defaultStore } from '../../config/cloud-config.js'
import type { Caller } from '../../context.js'
import { conflict, invalid } from '../errors.js'
import type { ImageRecord } from '../images/image-record.js'
import type { ImageParts } from '../parts.js'
import { hasStore, writableStores } from '../stores/stores.js'
import { holdImage } from './held-image.js'
import { createImportRepository } from './import-repository.js'
import type { ImportRequest } from './import-request.js'
import { importMethods } from './methods.js'
import type { ImportMethod } from './methods/import-method.js'
import { runImport } from './run-import.js'

/** Imports: an image gets its data while the caller goes on (glance/api/v2/images.py `import_image`). */
export interface ImportService {
  /**
   * Checks the request, and starts its task.
   * @param requestId the id of the request, which the task shows
   * @throws not-found; conflict for an image in another status, without formats, held by another task, or for an
   * unknown store; forbidden; over-limit for a quota; invalid for stores that contradict each other and for sources that are refused
   */
  start(caller: Caller, imageId: string, request: ImportRequest, requestId: string): Promise<void>
}

export function createImportService(parts: ImageParts): ImportService {
  const { images, db, config, tasks, usage, clock } = parts
  const imports = createImportRepository(db)
  const methods = new Map(importMethods.map((create) => create(parts)).map((method) => [method.name, method]))

  const methodOf = ({ method }: ImportRequest): ImportMethod => {
    const found = methods.get(method.name)
    if (found === undefined) throw invalid(`The embedded cloud has no import method '${method.name}'.`)
    return found
  }

  /** @returns undefined when there is nothing to do */
  const chooseStores = (image: ImageRecord, method: ImportMethod, request: ImportRequest) => {
    const wanted = wantedStores(request, parts)
    if (method.addsCopies !== true) return wanted
    const filled = new Set(image.locations.map(({ store }) => store))
    if (!request.allStores) {
      const present = image.locations.find(({ store }) => wanted.includes(store))
      if (present !== undefined) throw invalid(`Image is already present at store '${String(present.store)}'`)
      return wanted
    }
    const missing = wanted.filter((store) => !filled.has(store))
    return missing.length === 0 ? undefined : missing
  }

  return {
    async start(caller, imageId, request, requestId) {
      usage.requireSizeTotal(caller)
      const image = images.get(caller, imageId)
      const method = methodOf(request)
      if (image.status === 'active' && method.addsCopies !== true) {
        throw conflict('Image with status active cannot be target for import')
      }
      method.requireStatus(image)
      requireFormats(image)
      method.requireFields?.(request.method)
      method.requireRight(caller, image)
      if (image.properties[importProperties.task] !== undefined) throw conflict('Image has active task')
      const stores = chooseStores(image, method, request)
      if (stores === undefined) return
      if (!request.allMustSucceed && config.stores.length === 0) {
        const { uri } = request.method
        const shown = typeof uri === 'string' ? uri : 'None'
        throw invalid(`All_stores_must_succeed can only be set with enabled_backends ${shown}`)
      }
      await method.requireSource?.(request.method)
      const input = { image_id: imageId, import_req: request.body, backend: stores }
      const task = tasks.make(caller, { type: 'api_image_import', imageId, input, requestId })
      // The image may have changed while the source was checked.
      method.requireStatus(images.get(caller, imageId))
      if (!imports.begin(task, imageId, clock())) {
        throw conflict(`New operation on image '${imageId}' is not permitted as prior operation is still in progress`)
      }
      const held = holdImage({ ...parts, imports }, task.id, imageId)
      tasks.run(task, (running) => runImport({ method, request, caller, stores }, held, running, parts))
    },
  }
}

/** The stores that a request names (glance/common/utils.py `get_stores_from_request`). */
function wantedStores(request: ImportRequest, { config }: Pick<ImageParts, 'config'>): readonly (string | null)[] {
  const { allStores, stores, headerStore } = request
  if (config.stores.length === 0) return [null]
  if (allStores) {
    if (stores !== undefined || headerStore !== undefined) {
      throw invalid(`All_stores parameter can't be used with x-image-meta-store header or stores parameter`)
    }
    return writableStores(config.stores)
  }
  if (stores !== undefined && headerStore !== undefined) {
    throw invalid(`Stores parameter and x-image-meta-store header can't be both specified`)
  }
  const wanted = stores ?? (headerStore === undefined ? undefined : [headerStore])
  const unknown = wanted?.find((store) => !hasStore(config.stores, store))
  if (unknown !== undefined) throw conflict(`Store for identifier ${unknown} not found`)
  return wanted ?? [defaultStore(config.stores)?.id ?? null]
}

function requireFormats(image: ImageRecord): void {
  const missing = (['container_format', 'disk_format'] as const).find((key) => !image[key])
  if (missing !== undefined) throw conflict(`'${missing}' needs to be set before import`)
}
