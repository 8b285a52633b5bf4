import { maxPageSize, type MemberStatus } from '@tyrax/protocol'
import { ImageCache } from './cache/image-cache.js'
import { ImageLocations } from './locations/image-locations.js'
import { ImageMembers } from './members/image-members.js'
import { type ImageMember, updateImageMember } from './members/membership.js'
import { ImageMetadefs } from './metadefs/image-metadefs.js'
import type { SourceLike } from '../sources/to-source.js'
import type { MaybeSaved } from '../transfer/save-file.js'
import { ImageProperties } from './properties/image-properties.js'
import { ImageSchemas } from './schemas/image-schemas.js'
import { ImageStores } from './stores/image-stores.js'
import { ImageTags } from './tags/image-tags.js'
import { ImageTasks } from './tasks/image-tasks.js'
import { ImageQuotas } from './usage/image-quotas.js'
import { deactivateImage, deleteImage, reactivateImage } from './images/actions.js'
import type { CallOptions } from '../service/call-options.js'
import type { ImageContext } from './images/context.js'
import type { CreatedImage, ImageCreateParams } from './images/create.js'
import { downloadFile, type FileDownload, type FileDownloadOptions } from './images/download/download-file.js'
import { downloadStream, type ImageDownload } from './images/download/download-stream.js'
import type { DownloadOptions } from './images/download/options.js'
import { createRangeMemory } from './images/download/image-data.js'
import { findImage, findImages, type ImageAttributes } from './images/find.js'
import { getImage } from './images/get.js'
import type { ImageInspection } from './images/inspect.js'
import type { Image, ImageRef } from './images/image.js'
import { type ImageList, listImages, listImagesRaw, type RawImagePage } from './images/list.js'
import type { ImageListParams } from './images/list-query.js'
import type { ImageUpdate } from './images/patch.js'
import { findOrphans, type OrphanOptions } from './images/orphans.js'
import { updateImage, type UpdateOptions } from './images/update.js'
import type { UploadOptions, UploadResult } from './images/upload/options.js'
import type { ImportMethod, ImportOptions, ImportResult } from './imports/import-options.js'
import type { StagedData, StageOptions } from './stage/stage-image.js'
import type { PollClock } from './wait/poll-clock.js'
import type { WaitedImage, WaitOptions } from './wait/wait-options.js'

/** The images of a cloud: `cloud.images`. Methods take an image as an object or by its id. */
export class ImageManager {
  readonly #context: ImageContext
  readonly #ranges = createRangeMemory()
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
   * @throws NoMatchError; NoUniqueMatch, with the candidates
   */
  find(wanted: string | ImageAttributes, options: CallOptions = {}): Promise<Image> {
    return findImage(this.#context, wanted, options)
  }

  /** Finds all images with this id, name, or set of attributes. */
  findAll(wanted: string | ImageAttributes, options: CallOptions = {}): Promise<Image[]> {
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
   * Creates an image from `data`, from an object in object storage, or without data. Resolves when it is active and its
   * hash has been compared. When anything fails, the record is removed again, unless `keepOnFailure` is set.
   * @example
   * const image = await cloud.images.create({
   *   name: 'debian-13',
   *   diskFormat: 'auto',
   *   data: fromFile('debian-13.qcow2'),
   *   properties: { os_distro: 'debian' },
   *   onProgress: ({ phase, bytes, total }) => console.log(phase, bytes, total),
   * })
   * console.log(image.id, image.verdict)
   * @throws UsageError, SourceError and DiskFormatMismatch before anything is created; IntegrityError when the server
   * stored something else
   */
  async create(params: ImageCreateParams): Promise<CreatedImage> {
    // The code that inspects disk images is loaded when it is first needed: in a web page it is a third of all the
    // code.
    const { createImage } = await import('./images/create.js')
    return createImage(this.#context, params)
  }

  /**
   * Uploads data to a queued image. Resolves when it is active and its hash has been compared.
   * @example
   * const record = await cloud.images.create({ name: 'debian-13', diskFormat: 'qcow2' })
   * const { verdict, bytes } = await cloud.images.upload(record, fromFile('debian-13.qcow2'))
   * @throws ImageStatusError when the image already has data; otherwise as `create`
   */
  async upload(image: ImageRef, data: SourceLike, options: UploadOptions = {}): Promise<UploadResult> {
    const { uploadImage } = await import('./images/upload.js')
    return uploadImage(this.#context, image, data, options)
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

  /**
   * Downloads the data: as a web stream, or with `to` as a file that appears only when it is complete and verified.
   * Resumes when a connection breaks off; a file also resumes from an earlier download.
   * @example
   * const { path, verdict } = await cloud.images.download(image, { to: 'debian-13.qcow2' })
   * @example
   * const { stream } = await cloud.images.download(image)
   * for await (const chunk of stream) console.log(chunk.byteLength)
   * @throws ImageStatusError while there is no data, or when it is deactivated; TargetError; IntegrityError
   */
  download(image: ImageRef, options: FileDownloadOptions): Promise<FileDownload>
  download(image: ImageRef, options?: DownloadOptions & { readonly to?: undefined }): Promise<ImageDownload>
  download(image: ImageRef, options: MaybeSaved<FileDownloadOptions>): Promise<FileDownload | ImageDownload>
  download(
    image: ImageRef,
    options: DownloadOptions & { readonly to?: string | undefined } = {},
  ): Promise<FileDownload | ImageDownload> {
    const { to } = options
    return to === undefined
      ? downloadStream(this.#context, this.#ranges, image, options)
      : downloadFile(this.#context, this.#ranges, image, { ...options, to })
  }

  /**
   * Inspects the data without fetching all of it: format, virtual size, references to other files, and whether it is
   * safe. Reads at most 2 MiB: by ranges where the store supports them, otherwise from the beginning.
   * @example
   * const { format, virtualSizeBytes, problems } = await cloud.images.inspect(image)
   * for (const { severity, message, hint } of problems) console.log(severity, message, hint)
   * @throws ImageStatusError while there is no data, or when it is deactivated
   */
  async inspect(image: ImageRef, options: CallOptions = {}): Promise<ImageInspection> {
    const { inspectImage } = await import('./images/inspect.js')
    return inspectImage(this.#context, this.#ranges, image, options)
  }

  /**
   * Sends data to the server's staging area, from which `import` brings it into one or several stores. The data is
   * inspected and sent with the same care as by `upload`; the server computes no hash of it yet.
   * @example
   * const { sha512 } = await cloud.images.stage(image, fromFile('debian-13.qcow2'))
   * const { image: imported } = await cloud.images.import(image, { method: 'glance-direct', allStores: true, wait: true })
   * console.log(imported.osHashValue === sha512)
   * @throws NotFoundError where the cloud does not offer glance-direct; otherwise as `upload`
   */
  async stage(image: ImageRef, data: SourceLike, options: StageOptions = {}): Promise<StagedData> {
    const { stageImage } = await import('./stage/stage-image.js')
    return stageImage(this.#context, image, data, options)
  }

  /**
   * Brings data into a queued image, or copies an active one to other stores. Chooses the way by what the cloud offers
   * and the data needs, and says which and why: the server downloads an address itself, the data is staged and
   * imported, or it is uploaded. An address is looked at first, so that no error page becomes an image.
   * @example
   * const result = await cloud.images.import(image, { uri: 'https://example.org/debian-13.qcow2', wait: true })
   * console.log(result.via, result.reason, result.verdict)
   * @example
   * await cloud.images.import(image, { method: 'copy-image', stores: ['archive'], wait: true })
   * @throws SourceError, DiskFormatMismatch and DiskImageRefused for an address without a proper image, before anything
   * is changed; ImportFailedError with the server's reason, and IntegrityError, when it waits; otherwise as `wait`
   */
  async import(image: ImageRef, options: ImportOptions): Promise<ImportResult> {
    const { importImage } = await import('./imports/import-image.js')
    return importImage(this.#context, await this.#pollClock(), image, options)
  }

  /**
   * The import methods that the cloud offers (GET /v2/info/import), e.g. `glance-direct`, `web-download`; empty on
   * clouds without imports.
   */
  async importMethods(options: CallOptions = {}): Promise<ImportMethod[]> {
    const { importMethods } = await import('./imports/import-methods.js')
    return importMethods(this.#context, options)
  }

  /**
   * Waits until the image has a status, and until an import that works on it has ended: polls the image and its tasks,
   * less and less often. Any number of waits share one timer.
   * @example
   * const image = await cloud.images.wait('0f6c…', { timeoutMs: 600_000, onProgress: ({ bytes }) => console.log(bytes) })
   * for (const { store, status } of image.storeResults ?? []) console.log(store, status)
   * @throws ImportFailedError with the server's reason when an import failed; ImageStatusError when the image can no
   * longer reach that status, or was deleted; TimeoutError after `timeoutMs` or `stuckMs`, with the last state
   */
  async wait(image: ImageRef, options: WaitOptions = {}): Promise<WaitedImage> {
    const { waitForImage } = await import('./wait/wait-for-image.js')
    return waitForImage(this.#context, await this.#pollClock(), image, options)
  }

  #clock: Promise<PollClock> | undefined

  /** What all waits of this cloud share. */
  #pollClock(): Promise<PollClock> {
    this.#clock ??= import('./wait/poll-clock.js').then(({ PollClock }) => new PollClock())
    return this.#clock
  }
}
