import { EndpointNotFoundError } from '../../errors/config-errors.js'
import { isNotFound } from '../../errors/guards.js'
import { NoMatchError, NoUniqueMatch } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { path } from '../../http/path.js'
import { readJson } from '../../http/read-json.js'
import type { ServiceClient } from '../../service/service-client.js'
import type { PollClock } from '../wait/poll-clock.js'
import { waitForImage } from '../wait/wait-for-image.js'
import type { WaitOptions } from '../wait/wait-options.js'
import type { ImageContext } from './context.js'
import { createBody, type ImageFields } from './create-body.js'
import { getImage } from './get.js'
import type { Image } from './image.js'
import type { ImageUpdate } from './patch.js'
import { updateImage } from './update.js'

/** What `images.createFromVolume` takes: the volume, and fields of the image, which has the id that Cinder chooses. */
export interface VolumeImageParams
  extends
    Omit<ImageFields, 'id' | 'owner' | 'diskFormat' | 'containerFormat' | 'metadata'>,
    Pick<WaitOptions, 'signal' | 'onProgress' | 'onPoll' | 'timeoutMs'> {
  /** The volume, by id or name. */
  readonly volume: string
  /** What Cinder converts the volume to. @default 'raw' */
  readonly diskFormat?: string | undefined
  /** @default 'bare' */
  readonly containerFormat?: string | undefined
  /** Copy a volume that a server uses, as it is at that moment, if the cloud allows it. @default false */
  readonly force?: boolean | undefined
  /** Wait until the image is active. @default true */
  readonly wait?: boolean | undefined
}

interface Volume {
  readonly id: string
  readonly name: string | null
  readonly status: string
}

/**
 * Cinder copies the volume into a new image (the action os-volume_upload_image of its API v3); what Cinder does not
 * take is set on the image afterwards.
 */
export async function createFromVolume(
  context: ImageContext,
  clock: PollClock,
  params: VolumeImageParams,
): Promise<Image> {
  const { volume: wanted, diskFormat = 'raw', containerFormat = 'bare', force = false, wait = true, ...rest } = params
  const { signal, onProgress, onPoll, timeoutMs, ...fields } = rest
  // Refuses bad fields before anything is changed.
  createBody(fields)
  const { blockStorage } = context
  if (!blockStorage) throw new UsageError('there is no block storage here')
  const volume = await findVolume(blockStorage, wanted, signal)
  if (volume.status === 'in-use' && !force) {
    throw new UsageError(`the volume ${volume.id} is in use`, {
      hint: 'detach it first; force: true (--force) copies it as it is, if the cloud allows that',
    })
  }
  const { name, visibility, protected: isProtected, ...later } = fields
  // Cinder takes both since its version 3.1.
  const sharing = {
    ...(visibility !== undefined && { visibility }),
    ...(isProtected !== undefined && { protected: isProtected }),
  }
  const response = await blockStorage.request({
    method: 'POST',
    path: path`/volumes/${volume.id}/action`,
    json: {
      'os-volume_upload_image': {
        image_name: name,
        force,
        disk_format: diskFormat,
        container_format: containerFormat,
        ...sharing,
      },
    },
    ...(Object.keys(sharing).length > 0 && { headers: { 'openstack-api-version': 'volume 3.1' } }),
    signal,
  })
  const id = await readJson(response, imageIdIn)
  const changes: ImageUpdate = Object.fromEntries(Object.entries(later).filter(([, value]) => value !== undefined))
  if (Object.keys(changes).length > 0) await updateImage(context, id, changes, { signal })
  if (!wait) return getImage(context, id, { signal })
  const {
    storeResults: _,
    task: _task,
    ...image
  } = await waitForImage(context, clock, id, {
    signal,
    onProgress,
    onPoll,
    timeoutMs,
  })
  return image
}

/** @throws NoMatchError, NoUniqueMatch; EndpointNotFoundError on a cloud without Cinder */
async function findVolume(client: ServiceClient, wanted: string, signal: AbortSignal | undefined): Promise<Volume> {
  if (wanted === '') throw new NoMatchError('the volume is empty text', { hint: 'give the id or name of a volume' })
  try {
    const response = await client.request({ method: 'GET', path: path`/volumes/${wanted}`, signal })
    return await readJson(response, (body) => volumeOf((body as { volume?: unknown }).volume))
  } catch (error) {
    if (error instanceof EndpointNotFoundError) {
      throw new EndpointNotFoundError('this cloud has no block storage, so there are no volumes', {
        cause: error,
        hint: 'give the data as a file instead',
      })
    }
    if (!isNotFound(error)) throw error
  }
  const response = await client.request({ method: 'GET', path: '/volumes/detail', query: [['name', wanted]], signal })
  const found = await readJson(response, volumesIn)
  const named = found.filter(({ name }) => name === wanted)
  const [first] = named
  if (!first)
    throw new NoMatchError(`no volume matches ${JSON.stringify(wanted)}`, { hint: 'check the name and the project' })
  if (named.length > 1) throw new NoUniqueMatch(`${named.length} volumes are called ${wanted}`, named)
  return first
}

function volumesIn(body: unknown): Volume[] {
  const { volumes } = body as { volumes?: unknown }
  if (!Array.isArray(volumes)) throw new Error('the response has no list of volumes')
  return volumes.map(volumeOf)
}

function volumeOf(value: unknown): Volume {
  const { id, name, status } = (value ?? {}) as Record<string, unknown>
  if (typeof id !== 'string' || typeof status !== 'string') throw new Error('the response has no volume')
  return { id, name: typeof name === 'string' ? name : null, status }
}

function imageIdIn(body: unknown): string {
  const { 'os-volume_upload_image': upload } = body as { 'os-volume_upload_image'?: { image_id?: unknown } }
  if (typeof upload?.image_id !== 'string') throw new Error('the response has no id of an image')
  return upload.image_id
}
