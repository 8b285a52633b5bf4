import { ConflictError } from '../../errors/http-error.js'
import { path } from '../../http/path.js'
import { newRequestId } from '../../http/request-id.js'
import { mayHaveBeenDone } from '../../retry/failures.js'
import type { ImageContext } from '../images/context.js'
import { tasksOfImage } from '../tasks/task-requests.js'
import type { ImportOptions } from './import-options.js'

/**
 * POST /v2/images/{id}/import. It is sent again when its response was lost; the 409 that the server returns then is a
 * success if the task that it refers to has our request id.
 * @returns the id of the request, which the task has too
 */
export async function startImport(
  context: ImageContext,
  id: string,
  method: string,
  options: ImportOptions,
): Promise<string> {
  const { signal } = options
  const requestId = newRequestId()
  let attempts = 0
  try {
    const response = await context.client.request({
      method: 'POST',
      path: path`/images/${id}/import`,
      json: importBody(method, options),
      headers: { 'x-openstack-request-id': requestId },
      retry: { methods: ['POST'] },
      onAttempt: () => (attempts += 1),
      signal,
    })
    await response.discard()
  } catch (error) {
    const mayBeOurs = (error instanceof ConflictError && attempts > 1) || mayHaveBeenDone(error)
    if (!mayBeOurs || signal?.aborted) throw error
    const tasks = await tasksOfImage(context, id, { signal }).catch(() => [])
    if (!tasks.some((task) => task.requestId === requestId)) throw error
  }
  return requestId
}

function importBody(name: string, options: ImportOptions): Record<string, unknown> {
  const { uri, stores, allStores, allStoresMustSucceed, glanceRegion, glanceImageId, glanceServiceInterface } = options
  return {
    method: {
      name,
      uri: name === 'web-download' && uri !== undefined ? String(uri) : undefined,
      glance_region: glanceRegion,
      glance_image_id: glanceImageId,
      glance_service_interface: glanceServiceInterface,
    },
    stores,
    all_stores: allStores,
    all_stores_must_succeed: allStoresMustSucceed,
  }
}
