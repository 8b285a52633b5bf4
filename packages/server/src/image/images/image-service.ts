import { randomUUID } from 'node:crypto'
import type { BlobStore } from '../../blobs/blob-store.js'
import type { ImageConfig } from '../../config/cloud-config.js'
import type { Caller } from '../../context.js'
import type { Logger } from '../../log.js'
import { createDiscard } from '../data/discarded-data.js'
import { canSee, mayOwn, requireCreator, requireLister, requireOwner, requireVisible } from '../access/policy.js'
import { allRights, requirePropertyRight, type PropertyProtections } from '../access/property-protections.js'
import { conflict, forbidden, imageNotFound, invalid, notFound, quotaExceeded } from '../errors.js'
import { storeOfUrl } from '../locations/location.js'
import type { Locations } from '../locations/locations.js'
import type { UsageService } from '../usage/usage-service.js'
import type { Clock } from './clock.js'
import { refuseFourByteTexts } from './fields/four-byte.js'
import type { NewImage } from './fields/new-image.js'
import { withoutData, type ImageRecord } from './image-record.js'
import type { ImageRepository } from './image-repository.js'
import type { ListQuery } from './listing/list-query.js'
import { imageSearch } from './listing/image-search.js'
import { applyPatch } from './patch/apply-patch.js'
import { isLocationChange, type Change } from './patch/parse-patch.js'
import { requireTransition } from './require-transition.js'

/** One page, and if it was full, the id from which the next one resumes. */
interface ImagePage {
  readonly images: readonly ImageRecord[]
  readonly nextMarker: string | undefined
}

/** The image records and their rules. */
export interface ImageService {
  /** @throws not-found for an image that does not exist, is deleted or is hidden from the caller */
  get(caller: Caller, id: string): ImageRecord
  list(caller: Caller, query: ListQuery): Promise<ImagePage>
  create(caller: Caller, wanted: NewImage): ImageRecord
  /** New locations are looked at on their servers first. */
  update(caller: Caller, id: string, changes: readonly Change[]): Promise<ImageRecord>
  /** Removes the record before its bytes, so that no record ever refers to missing bytes. */
  delete(caller: Caller, id: string): Promise<void>
}

interface ImageServiceParts {
  readonly repository: ImageRepository
  readonly blobs: BlobStore
  readonly config: ImageConfig
  readonly usage: UsageService
  readonly protections: PropertyProtections | undefined
  readonly locations: Locations
  readonly clock: Clock
  readonly log: Logger
}

export function createImageService({
  repository,
  blobs,
  config,
  usage,
  protections,
  locations,
  clock,
  log,
}: ImageServiceParts): ImageService {
  const discard = createDiscard({ repository, blobs, log })
  const isMember = (caller: Caller, id: string) => () => repository.isMember(id, caller.projectId)
  const get = (caller: Caller, id: string) => requireVisible(caller, id, repository.find(id), isMember(caller, id))

  const findMarker = (caller: Caller, id: string): ImageRecord => {
    const marker = repository.find(id)
    if (marker === undefined) throw invalid(`No image found with ID ${id}`)
    if (!canSee(caller, marker, isMember(caller, id))) throw forbidden(`Forbidding request, image ${id} not visible`)
    return marker
  }

  /** The bytes at new URLs, if the caller may add locations. Other servers are not asked for anyone else. */
  const measureLocations = async (caller: Caller, image: ImageRecord, changes: readonly Change[]) => {
    const sizes = new Map<string, number>()
    if (!config.showMultipleLocations || !mayOwn(caller, image)) return sizes
    const values = changes.flatMap((change) => (isLocationChange(change) && change.op !== 'remove' ? change.value : []))
    for (const url of new Set(values.map(({ url }) => url))) {
      if (sizes.size >= config.quotas.locations) break
      const size = storeOfUrl(url, config) === undefined ? undefined : await locations.measure(url)
      if (size !== undefined) sizes.set(url, size)
    }
    return sizes
  }

  return {
    get,
    async list(caller, query) {
      requireLister(caller)
      const marker = query.marker === undefined ? undefined : findMarker(caller, query.marker)
      const { images: found, isCut } = await repository.list(imageSearch(query, caller, marker))
      return { images: found, nextMarker: isCut || found.length === query.limit ? found.at(-1)?.id : undefined }
    },
    create(caller, wanted) {
      const owner = wanted.owner === undefined ? (caller.projectId ?? null) : wanted.owner
      requireCreator(caller, owner, wanted.visibility)
      usage.requireCountTotal(caller)
      const rights = protections?.rightsOf(caller) ?? allRights
      for (const property of Object.keys(wanted.properties)) requirePropertyRight(rights, 'create', property)
      const { tags, properties } = config.quotas
      if (wanted.tags.length > tags) throw quotaExceeded('tags', wanted.tags.length, tags)
      const propertyCount = Object.keys(wanted.properties).length
      if (propertyCount > properties) throw quotaExceeded('properties', propertyCount, properties)
      const id = wanted.id ?? randomUUID()
      if (wanted.id !== undefined && repository.isTaken(id)) throw conflict(`Image ID ${id} already exists!`)
      const at = clock()
      const image: ImageRecord = {
        ...wanted,
        ...withoutData,
        id,
        owner,
        status: 'queued',
        created_at: at,
        updated_at: at,
        locations: [],
      }
      refuseFourByteTexts(image)
      repository.insert(image)
      return image
    },
    async update(caller, id, changes) {
      if (changes.length === 0) return get(caller, id)
      const sizes = await measureLocations(caller, get(caller, id), changes)
      const image = get(caller, id)
      const at = clock()
      const changed = {
        ...applyPatch(image, changes, caller, config.quotas, {
          rights: protections?.rightsOf(caller),
          locations: config.showMultipleLocations ? { config, urls: locations, sizes } : undefined,
        }),
        updated_at: at,
      }
      refuseFourByteTexts(changed, image)
      const discarded = repository.save(changed, at)
      if (discarded === false) throw imageNotFound(id)
      await discard(discarded)
      return changed
    },
    async delete(caller, id) {
      const image = repository.find(id)
      if (image === undefined || !canSee(caller, image, isMember(caller, id))) {
        throw notFound(`Failed to find image ${id} to delete`)
      }
      requireOwner(caller, image, 'delete_image')
      if (image.protected) throw forbidden(`Image ${id} is protected and cannot be deleted.`)
      requireTransition(image.status, 'deleted', invalid)
      await discard(repository.remove(id, clock()))
    },
  }
}
