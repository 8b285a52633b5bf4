import { maxPageSize, type MemberStatus } from '@tyrax/protocol'
import { ImageMembers } from './members/image-members.js'
import { type ImageMember, updateImageMember } from './members/membership.js'
import type { SourceLike } from '../sources/to-source.js'
import type { MaybeSaved } from '../transfer/save-file.js'
import { ImageTags } from './tags/image-tags.js'
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
import { updateImage } from './images/update.js'
import type { UploadOptions, UploadResult } from './images/upload/options.js'
import { waitForImage, type WaitOptions } from './images/wait.js'

/** The images of a cloud: `cloud.images`. An image is given as an object or by its id. */
export class ImageManager {
  readonly #context: ImageContext
  readonly #ranges = createRangeMemory()
  /** With whom images are shared. */
  readonly members: ImageMembers
  /** Tags, one at a time. */
  readonly tags: ImageTags

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
    this.members = new ImageMembers(context)
    this.tags = new ImageTags(context)
  }

  /**
   * Lists images. Awaiting gives the first page, iterating gives every match, page by page; `limit` is the size of a
   * page in both. With `returnRaw`, one page as the server sent it.
   * @example
   * for await (const { id, name } of cloud.images.list({ tag: 'lts', sort: 'created_at:desc' })) console.log(id, name)
   * @example
   * const { items, marker } = await cloud.images.list({ status: 'active', limit: 25 })
   * @throws UsageError for filters that the server would refuse or misread; ListInterruptedError when the image after
   * which the list was to go on has been deleted
   */
  list<Raw extends boolean | undefined = false>(
    params?: ImageListParams & { readonly returnRaw?: Raw },
  ): Raw extends true ? Promise<RawImagePage> : ImageList
  list({ returnRaw, ...params }: ImageListParams & { readonly returnRaw?: boolean | undefined } = {}) {
    return returnRaw ? listImagesRaw(this.#context, params) : listImages(this.#context, params)
  }

  /** Every match in one array, asked for in the largest pages there are. */
  listAll(params: Omit<ImageListParams, 'limit' | 'marker'> = {}): Promise<Image[]> {
    return listImages(this.#context, { limit: maxPageSize, ...params }).toArray()
  }

  /** Reads an image. @throws NotFoundError when there is none, or none that you may see */
  get(image: ImageRef, options: CallOptions = {}): Promise<Image> {
    return getImage(this.#context, image, options)
  }

  /**
   * The one image of this id, name, or set of attributes.
   * @example
   * const debian = await cloud.images.find('debian-13')
   * const built = await cloud.images.find({ properties: { build: '42' }, tags: ['nightly'] })
   * @throws NoMatchError; NoUniqueMatch, with the candidates
   */
  find(wanted: string | ImageAttributes, options: CallOptions = {}): Promise<Image> {
    return findImage(this.#context, wanted, options)
  }

  /** All images of this id, name, or set of attributes. */
  findAll(wanted: string | ImageAttributes, options: CallOptions = {}): Promise<Image[]> {
    return findImages(this.#context, wanted, options)
  }

  /**
   * Records of this project that a `create` made for data that never arrived whole, because its process was killed or
   * the cleaning up failed, and that have not changed for a day. Records made without data, or with an id of the
   * caller's, are never among them.
   */
  findOrphans(options: OrphanOptions = {}): Promise<Image[]> {
    return findOrphans(this.#context, options)
  }

  /**
   * Makes an image from `data`, or from an object in object storage, or without data. Resolves when it is active and
   * its hash compared. When anything fails, the record is removed again, unless `keepOnFailure`.
   * @example
   * const image = await cloud.images.create({
   *   name: 'debian-13',
   *   diskFormat: 'auto',
   *   data: fromFile('debian-13.qcow2'),
   *   properties: { os_distro: 'debian' },
   *   onProgress: ({ phase, bytes, total }) => console.log(phase, bytes, total),
   * })
   * console.log(image.id, image.verdict)
   * @throws UsageError, SourceError and DiskFormatMismatch before anything is made; IntegrityError when the server
   * stored something else
   */
  async create(params: ImageCreateParams): Promise<CreatedImage> {
    // What looks into disk images is loaded when it is first needed: in a page it is a third of all the code.
    const { createImage } = await import('./images/create.js')
    return createImage(this.#context, params)
  }

  /**
   * Uploads data to a queued image. Resolves when it is active and its hash compared.
   * @example
   * const record = await cloud.images.create({ name: 'debian-13', diskFormat: 'qcow2' })
   * const { verdict, bytes } = await cloud.images.upload(record, fromFile('debian-13.qcow2'))
   * @throws ImageStatusError when it has data already; otherwise as `create`
   */
  async upload(image: ImageRef, data: SourceLike, options: UploadOptions = {}): Promise<UploadResult> {
    const { uploadImage } = await import('./images/upload.js')
    return uploadImage(this.#context, image, data, options)
  }

  /**
   * Changes the given fields, and leaves the rest: `null` removes a property and resets a field. Resolves to the image as
   * it is then.
   * @example
   * const changed = await cloud.images.update(image, {
   *   name: 'debian-13.1',
   *   minRam: 512,
   *   properties: { os_version: '13.1', build: null },
   * })
   * @throws UsageError for fields that cannot be set
   */
  update(image: ImageRef, values: ImageUpdate, options: CallOptions = {}): Promise<Image> {
    return updateImage(this.#context, image, values, options)
  }

  /** `update` of the name alone. */
  changeImageName(image: ImageRef, name: string, options: CallOptions = {}): Promise<Image> {
    return updateImage(this.#context, image, { name }, options)
  }

  /**
   * Accepts or rejects an image that is shared with the calling project, or puts it back to pending.
   * @throws InvalidImageMemberStatus before anything is sent; InvalidImageMember when the calling project is no member,
   * the owner included
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
   * The data: as a web stream, or with `to` as a file that appears only when it is whole and verified. Goes on where a
   * connection broke off; a file, also where an earlier download did.
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
   * Looks into the data without fetching it whole: format, virtual size, what it refers to, and whether it is safe. At
   * most 2 MiB are read: by parts where the store gives them, else from the beginning.
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
   * Looks at the image until it has a status.
   * @throws ImageStatusError when it can no longer get there; TimeoutError past `timeoutMs`
   */
  wait(image: ImageRef, options: WaitOptions = {}): Promise<Image> {
    return waitForImage(this.#context, image, options)
  }
}
