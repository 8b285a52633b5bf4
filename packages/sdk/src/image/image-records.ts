import { maxPageSize, type MemberStatus } from '@tyrax/protocol'
import type { CallOptions } from '../service/call-options.js'
import { ImageCache } from './cache/image-cache.js'
import { ImageLocations } from './locations/image-locations.js'
import { ImageMembers } from './members/image-members.js'
import { type ImageMember, updateImageMember } from './members/membership.js'
import { ImageMetadefs } from './metadefs/image-metadefs.js'
import { ImageProperties } from './properties/image-properties.js'
import { ImageSchemas } from './schemas/image-schemas.js'
import { ImageStores } from './stores/image-stores.js'
import { ImageTags } from './tags/image-tags.js'
import { ImageTasks } from './tasks/image-tasks.js'
import { ImageQuotas } from './usage/image-quotas.js'
import { deactivateImage, deleteImage, reactivateImage } from './images/actions.js'
import type { ImageContext } from './images/context.js'
import { findImage, findImages, type ImageAttributes } from './images/find.js'
import type { FindOptions } from './images/find-by-text.js'
import { getImage } from './images/get.js'
import type { Image, ImageRef } from './images/image.js'
import { type ImageList, listImages, listImagesRaw, type RawImagePage } from './images/list.js'
import type { ImageListParams } from './images/list-query.js'
import type { ImageUpdate } from './images/patch.js'
import { findOrphans, type OrphanOptions } from './images/orphans.js'
import { updateImage, type UpdateOptions } from './images/update.js'
import type { ImportMethod } from './imports/import-options.js'
import type { ImageApiVersion } from './versions/image-versions.js'

/** The part of `cloud.images` that needs no data: the records of images, and the resources next to them. */
export class ImageRecords {
  readonly #context: ImageContext
  /** The projects that an image is shared with. */
  readonly members: ImageMembers
  /** Tags, one at a time. */
  readonly tags: ImageTags
  /** The stores of the cloud. */
  readonly stores: ImageStores
  /** What the server does in the background. */
  readonly tasks: ImageTasks
  /** Data that is somewhere else, at an address. */
  readonly locations: ImageLocations
  /** Copies that the image service keeps next to itself. */
  readonly cache: ImageCache
  /** What the project uses of its quotas. */
  readonly usage: ImageQuotas
  /** The schema documents of the image service. */
  readonly schemas: ImageSchemas
  /** Custom properties: checked for probable mistakes. */
  readonly properties: ImageProperties
  /** Metadata definitions: which properties images and other resources may have. */
  readonly metadefs: ImageMetadefs

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
    this.members = new ImageMembers(context)
    this.tags = new ImageTags(context)
    this.stores = new ImageStores(context)
    this.tasks = new ImageTasks(context)
    this.locations = new ImageLocations(context)
    this.cache = new ImageCache(context)
    this.usage = new ImageQuotas(context)
    this.schemas = new ImageSchemas(context)
    this.properties = new ImageProperties(context)
    this.metadefs = new ImageMetadefs(context)
  }

  /**
   * Lists images. Awaiting returns the first page, iterating yields every match, page by page; `limit` is the page size
   * in both cases. With `returnRaw`, returns one page as the server sent it.
   * @example
   * for await (const { id, name } of cloud.images.list({ tag: 'lts', sort: 'created_at:desc' })) console.log(id, name)
   * @example
   * const { items, marker } = await cloud.images.list({ status: 'active', limit: 25 })
   * @throws UsageError for filters that the server would refuse or misread; ListInterruptedError when the image that
   * the list was to continue after has been deleted
   */
  list<Raw extends boolean | undefined = false>(
    params?: ImageListParams & { readonly returnRaw?: Raw },
  ): Raw extends true ? Promise<RawImagePage> : ImageList
  list({ returnRaw, ...params }: ImageListParams & { readonly returnRaw?: boolean | undefined } = {}) {
    return returnRaw ? listImagesRaw(this.#context, params) : listImages(this.#context, params)
  }

  /** Every match in one array, requested in the largest pages the server allows. */
  listAll(params: Omit<ImageListParams, 'limit' | 'marker'> = {}): Promise<Image[]> {
    return listImages(this.#context, { limit: maxPageSize, ...params }).toArray()
  }

  /** Reads an image. @throws NotFoundError when it does not exist or you may not see it */
  get(image: ImageRef, options: CallOptions = {}): Promise<Image> {
    return getImage(this.#context, image, options)
  }

  /**
   * Finds the one image with this id, name, or set of attributes.
   * @example
   * const debian = await cloud.images.find('debian-13')
   * const built = await cloud.images.find({ properties: { build: '42' }, tags: ['nightly'] })
   * @param options.idPrefix take a text that is neither for the beginning of an id
   * @throws NoMatchError; NoUniqueMatch, with the candidates
   */
  find(wanted: string | ImageAttributes, options: FindOptions = {}): Promise<Image> {
    return findImage(this.#context, wanted, options)
  }

  /** Finds all images with this id, name, or set of attributes. */
  findAll(wanted: string | ImageAttributes, options: FindOptions = {}): Promise<Image[]> {
    return findImages(this.#context, wanted, options)
  }

  /**
   * Finds records of this project that a `create` made for data that never arrived completely, because its process was
   * killed or its cleanup failed, and that have not changed for a day. Records made without data, or with an id that
   * the caller chose, are never among them.
   */
  findOrphans(options: OrphanOptions = {}): Promise<Image[]> {
    return findOrphans(this.#context, options)
  }

  /**
   * Changes the given fields and leaves the others: `null` removes a property and resets a field. Resolves to the
   * changed image.
   * @example
   * const changed = await cloud.images.update(image, {
   *   name: 'debian-13.1',
   *   minRam: 512,
   *   properties: { os_version: '13.1', build: null },
   * })
   * @throws UsageError for fields that cannot be set; ImageChangedError when the image was passed as it was read, and
   * one of these fields has been changed to something else since
   */
  update(image: ImageRef, values: ImageUpdate, options: UpdateOptions = {}): Promise<Image> {
    return updateImage(this.#context, image, values, options)
  }

  /** Changes only the name; see `update`. */
  changeImageName(image: ImageRef, name: string, options: CallOptions = {}): Promise<Image> {
    return updateImage(this.#context, image, { name }, options)
  }

  /**
   * Accepts or rejects an image that is shared with the calling project, or resets it to pending.
   * @throws InvalidImageMemberStatus before anything is sent; InvalidImageMember when the calling project is not a
   * member, which includes the owner
   */
  updateImageMember(image: ImageRef, status: MemberStatus, options: CallOptions = {}): Promise<ImageMember> {
    return updateImageMember(this.#context, image, status, options)
  }

  /** Deletes an image and its data. @throws ForbiddenError when it is protected; ConflictError when it is in use */
  delete(image: ImageRef, options: CallOptions = {}): Promise<void> {
    return deleteImage(this.#context, image, options)
  }

  /** Blocks downloads of its data. Repeating it changes nothing. */
  deactivate(image: ImageRef, options: CallOptions = {}): Promise<void> {
    return deactivateImage(this.#context, image, options)
  }

  /** The reverse of `deactivate`. */
  reactivate(image: ImageRef, options: CallOptions = {}): Promise<void> {
    return reactivateImage(this.#context, image, options)
  }

  /** The versions of the API that the image service has. */
  async versions(options: CallOptions = {}): Promise<ImageApiVersion[]> {
    const { imageVersions } = await import('./versions/image-versions.js')
    return imageVersions(this.#context, options)
  }

  /**
   * The import methods that the cloud offers (GET /v2/info/import), e.g. `glance-direct`, `web-download`; empty on
   * clouds without imports.
   */
  async importMethods(options: CallOptions = {}): Promise<ImportMethod[]> {
    const { importMethods } = await import('./imports/import-methods.js')
    return importMethods(this.#context, options)
  }
}
