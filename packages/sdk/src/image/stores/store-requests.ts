import { NotFoundError } from '../../errors/http-error.js'
import { path } from '../../http/path.js'
import { arrayAt, readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import type { ImageStore, ImageStoreDetail } from './image-store.js'

export function listStores(context: ImageContext, options: CallOptions): Promise<ImageStore[]> {
  return readStores(context, '/info/stores', decodeStore, options)
}

export function listStoreDetails(context: ImageContext, options: CallOptions): Promise<ImageStoreDetail[]> {
  return readStores(context, '/info/stores/detail', decodeDetail, options)
}

/** DELETE /v2/stores/{store}/{image}. A 404 to a repeated request means that the first one worked. */
export async function deleteFromStore(
  { client }: ImageContext,
  image: ImageRef,
  store: string,
  options: CallOptions,
): Promise<void> {
  let attempts = 0
  try {
    const response = await client.request({
      method: 'DELETE',
      path: path`/stores/${store}/${imageId(image)}`,
      onAttempt: () => (attempts += 1),
      signal: options.signal,
    })
    await response.discard()
  } catch (error) {
    if (!(error instanceof NotFoundError) || attempts < 2) throw error
  }
}

/** A cloud with a single store responds with 404 (glance/api/v2/discovery.py). */
async function readStores<S>(
  { client }: ImageContext,
  route: string,
  decode: (wire: unknown) => S,
  { signal }: CallOptions,
): Promise<S[]> {
  const response = await client.request({ method: 'GET', path: route, accept: [404], signal })
  if (response.status !== 404) return readJson(response, (body) => arrayAt(body, 'stores').map(decode))
  await response.discard()
  return []
}

/** Glance writes booleans as the string `true`, and only when they are true. */
function decodeStore(wire: unknown): ImageStore {
  const store = (typeof wire === 'object' && wire !== null ? wire : {}) as Record<string, unknown>
  const { id, description } = store
  if (typeof id !== 'string') throw new Error('the response lists a store without an id')
  return {
    id,
    ...(typeof description === 'string' && { description }),
    isDefault: isTrue(store['default']),
    isReadOnly: isTrue(store['read-only']),
  }
}

function decodeDetail(wire: unknown): ImageStoreDetail {
  const { type, weight, properties } = wire as Record<string, unknown>
  return {
    ...decodeStore(wire),
    ...(typeof type === 'string' && { type }),
    ...(typeof weight === 'number' && { weight }),
    properties: typeof properties === 'object' && properties !== null ? (properties as Record<string, unknown>) : {},
  }
}

const isTrue = (value: unknown): boolean => value === true || String(value).toLowerCase() === 'true'
