import { jsonPatchV21 } from '@tyrax/protocol'
import { ForbiddenError, HttpError } from '../../errors/http-error.js'
import { NoMatchError } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { path } from '../../http/path.js'
import { arrayOf, readJson } from '../../http/read-json.js'
import type { CallOptions } from '../../service/call-options.js'
import { decodeImage } from '../images/codec.js'
import type { ImageContext } from '../images/context.js'
import { getImage } from '../images/get.js'
import type { Image, ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import type { AddLocationOptions, AppendLocationOptions, ImageLocation, LocationHash } from './image-location.js'

/** The route of its own, or what the record shows. */
export async function listLocations(
  context: ImageContext,
  image: ImageRef,
  options: CallOptions,
): Promise<ImageLocation[]> {
  try {
    const response = await context.client.request({
      method: 'GET',
      path: path`/images/${imageId(image)}/locations`,
      signal: options.signal,
    })
    return await readJson(response, (body) => arrayOf(body).map(decodeLocation))
  } catch (error) {
    // Older servers respond with 404 or 405 to the route.
    const isDenied =
      error instanceof ForbiddenError || (error instanceof HttpError && [404, 405].includes(error.status))
    if (!isDenied) throw error
    const { locations } = await getImage(context, image, options)
    if (Array.isArray(locations)) return locations.map(decodeLocation)
    throw error
  }
}

/** POST /v2/images/{id}/locations: 202, and a task `location_import`. */
export async function addLocation(
  { client }: ImageContext,
  image: ImageRef,
  url: string,
  { hash, signal }: AddLocationOptions,
): Promise<void> {
  checkUrl(url)
  const response = await client.request({
    method: 'POST',
    path: path`/images/${imageId(image)}/locations`,
    json: { url, ...(hash && { validation_data: wireHash(hash) }) },
    signal,
  })
  await response.discard()
}

export function appendLocation(
  context: ImageContext,
  image: ImageRef,
  url: string,
  { metadata = {}, hash, checksum, signal }: AppendLocationOptions,
): Promise<Image> {
  checkUrl(url)
  const validation = { ...(hash && wireHash(hash)), ...(checksum !== undefined && { checksum }) }
  const hasValidation = Object.keys(validation).length > 0
  const value = { url, metadata, ...(hasValidation && { validation_data: validation }) }
  return patchLocations(context, image, { op: 'add', path: '/locations/-', value }, signal)
}

export function replaceLocations(
  context: ImageContext,
  image: ImageRef,
  locations: readonly ImageLocation[],
  { signal }: CallOptions,
): Promise<Image> {
  for (const { url } of locations) checkUrl(url)
  return patchLocations(context, image, { op: 'replace', path: '/locations', value: locations }, signal)
}

/** Locations are removed by their position, so the record is read first. */
export async function removeLocation(
  context: ImageContext,
  image: ImageRef,
  url: string,
  options: CallOptions,
): Promise<Image> {
  const { id, locations } = await getImage(context, image, options)
  if (!Array.isArray(locations)) {
    throw new UsageError(`this cloud does not show the locations of the image ${id}, so none can be removed`, {
      hint: 'to remove a copy from a store, use stores.deleteFrom',
    })
  }
  const at = locations.map(decodeLocation).findIndex((each) => each.url === url)
  if (at < 0) throw new NoMatchError(`the image ${id} has no such location`)
  return patchLocations(context, id, { op: 'remove', path: `/locations/${at}` }, options.signal)
}

async function patchLocations(
  { client }: ImageContext,
  image: ImageRef,
  operation: { readonly op: string; readonly path: string; readonly value?: unknown },
  signal: AbortSignal | undefined,
): Promise<Image> {
  const response = await client.request({
    method: 'PATCH',
    path: path`/images/${imageId(image)}`,
    json: [operation],
    contentType: jsonPatchV21,
    signal,
  })
  return readJson(response, decodeImage)
}

function decodeLocation(wire: unknown): ImageLocation {
  const { url, metadata } = (typeof wire === 'object' && wire !== null ? wire : {}) as Record<string, unknown>
  if (typeof url !== 'string') throw new Error('the response lists a location without a url')
  return {
    url,
    metadata: typeof metadata === 'object' && metadata !== null ? (metadata as Record<string, unknown>) : {},
  }
}

function checkUrl(url: unknown): void {
  if (typeof url === 'string' && url !== '') return
  throw new UsageError('a location needs a url', { hint: "'http://…'" })
}

/** The lengths of the digests that Glance checks (glance/common/utils.py, hash validation of locations). */
const hexDigits: Readonly<Record<string, number>> = { sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 }

function wireHash({ algorithm, value }: LocationHash): { os_hash_algo: string; os_hash_value: string } {
  const length = hexDigits[algorithm]
  if (!/^[0-9a-f]+$/i.test(value) || (length !== undefined && value.length !== length)) {
    const digits = length === undefined ? 'hexadecimal digits' : `${length} hexadecimal digits`
    throw new UsageError(`the ${algorithm} of a location is written in ${digits}`)
  }
  return { os_hash_algo: algorithm, os_hash_value: value.toLowerCase() }
}
