import { createHash } from 'node:crypto'
import { opensslName, type HashAlgorithm } from '../../blobs/hash-algorithms.js'
import type { ImageLocation } from '../images/image-record.js'
import type { ImageData } from '../images/server-change.js'
import { abortIfLost, type HeldImage } from '../imports/held-image.js'
import type { ImageParts } from '../parts.js'
import type { TaskOutcome } from '../tasks/task-repository.js'
import { remoteLocation } from './location.js'
import type { DeclaredHash } from './location-request.js'

/** A location that an image is to get. */
interface WantedLocation {
  readonly url: string
  /** Undefined: no store takes the URL. */
  readonly store: string | null | undefined
  readonly validation: DeclaredHash | undefined
}

type RunParts = Pick<ImageParts, 'config' | 'locations'>

/**
 * Gives a queued image its location, and computes its hashes (glance/async_/flows/location_import.py). With a declared hash
 * it is `importing` until the bytes have proved to have it, and `queued` again if they do not; otherwise it is active at
 * once, and gets its hashes later.
 * @throws ImageLost when the image was deleted meanwhile
 */
export async function runLocationImport(
  { url, store, validation }: WantedLocation,
  held: HeldImage,
  closing: AbortSignal,
  { config, locations }: RunParts,
): Promise<TaskOutcome> {
  const { signal, stop } = abortIfLost(closing, held)
  try {
    const size = store === undefined ? undefined : await locations.measure(url, signal)
    if (store === undefined || size === undefined) throw new Error('Invalid location')
    requireFormats(held)
    const addLocation = remoteLocation(url, store)
    const algorithm = validation?.os_hash_algo ?? config.hashAlgorithm
    const status = validation === undefined ? 'active' : 'importing'
    held.change({ status, size, addLocation, hashAlgorithm: algorithm })
    const data = await hashBytes(addLocation, { size, algorithm, signal, locations })
    if (validation !== undefined && validation.os_hash_value.toLowerCase() !== data.os_hash_value) {
      throw new Error(
        `os_hash_value: (${validation.os_hash_value}) not matched with actual os_hash_value: (${data.os_hash_value})`,
      )
    }
    const outcome: TaskOutcome = { status: 'success', result: { image_id: held.id } }
    held.end({ status: 'active', data }, outcome)
    return outcome
  } catch (error) {
    const { status } = held.read()
    const outcome: TaskOutcome = { status: 'failure', message: error instanceof Error ? error.message : String(error) }
    await held.discard(held.end(status === 'active' ? {} : { status: 'queued', keepRemote: true }, outcome))
    return outcome
  } finally {
    stop()
  }
}

function requireFormats(held: HeldImage): void {
  const { disk_format, container_format } = held.read()
  if (disk_format && container_format) return
  throw new Error('disk_format and container_format must be set prior to saving data.')
}

interface HashOptions extends Pick<ImageParts, 'locations'> {
  readonly size: number
  readonly algorithm: HashAlgorithm
  readonly signal: AbortSignal
}

async function hashBytes(
  { url = '' }: ImageLocation,
  { size, algorithm, signal, locations }: HashOptions,
): Promise<ImageData> {
  const [checksum, hash] = [createHash('md5'), createHash(opensslName(algorithm))]
  let read = 0
  for await (const chunk of await locations.open(url, signal)) {
    read += chunk.length
    if (read > size) break
    checksum.update(chunk)
    hash.update(chunk)
  }
  if (read !== size) throw new Error(`${url} has not the ${size} bytes that it has declared`)
  return {
    size,
    virtual_size: null,
    checksum: checksum.digest('hex'),
    os_hash_algo: algorithm,
    os_hash_value: hash.digest('hex'),
  }
}
