import type { CallOptions } from '../service/call-options.js'
import type { SourceLike } from '../sources/to-source.js'
import type { MaybeSaved } from '../transfer/save-file.js'
import type { ImageCopy, ImageCopyOptions, ImageCopyPlan } from './copy/copy-options.js'
import type { EnsuredImage, ImageEnsureParams, ImageEnsurePlan } from './ensure/ensure-options.js'
import { ImageRecords } from './image-records.js'
import type { ImageContext } from './images/context.js'
import type { VolumeImageParams } from './images/create-from-volume.js'
import type { CreatedImage, ImageCreateParams } from './images/create.js'
import { downloadFile, type FileDownload, type FileDownloadOptions } from './images/download/download-file.js'
import { downloadStream, type ImageDownload } from './images/download/download-stream.js'
import type { DownloadOptions } from './images/download/options.js'
import { type ImageSource, imageSource, type ImageSourceOptions } from './images/download/image-source.js'
import { createRangeMemory, supportsRanges } from './images/download/image-data.js'
import type { ImageInspection } from './images/inspect.js'
import type { Image, ImageRef } from './images/image.js'
import type { UploadOptions, UploadResult } from './images/upload/options.js'
import type { ImportOptions, ImportResult } from './imports/import-options.js'
import type { StagedData, StageOptions } from './stage/stage-image.js'
import type { PollClock } from './wait/poll-clock.js'
import type { WaitedImage, WaitOptions } from './wait/wait-options.js'

/** The images of a cloud: `cloud.images`. Methods take an image as an object or by its id. */
export class ImageManager extends ImageRecords {
  readonly #context: ImageContext
  readonly #ranges = createRangeMemory()

  /** @internal */
  constructor(context: ImageContext) {
    super(context)
    this.#context = context
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
   * Makes sure that the project has one image of this name with this data: where it has, only fields that differ are
   * changed; otherwise the image is created, and takes the place of one with other data when it is complete. Until then
   * the name finds the old one. Calls that run at once make one image.
   * @example
   * const { outcome, image } = await cloud.images.ensure({ name: 'debian-13', data: fromFile('debian-13.qcow2') })
   * console.log(outcome, image.id) // created, unchanged, updated or replaced
   * @throws ImageExistsError with `replace: false`; otherwise as `create` and `update`
   */
  async ensure(params: ImageEnsureParams): Promise<EnsuredImage> {
    const { ensureImage } = await import('./ensure/ensure-image.js')
    return ensureImage(this.#context, params)
  }

  /** What `ensure` would do. Changes nothing. @throws as `ensure` */
  async planEnsure(params: ImageEnsureParams): Promise<ImageEnsurePlan> {
    const { planEnsure } = await import('./ensure/ensure-image.js')
    return planEnsure(this.#context, params)
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
   * The data of an image as a source: for `create` and `upload` of another cloud, or for `objects.put`. It is fetched
   * when it is read, resumes when a connection breaks off, and is compared with the image's hash.
   * @example
   * const data = await cloud.images.source('0f6c…')
   * await cloud.objects.put('backups', 'debian-13.qcow2', data)
   * @throws ImageStatusError while there is no data
   */
  source(image: ImageRef, options: ImageSourceOptions = {}): Promise<ImageSource> {
    return imageSource(this.#context, this.#ranges, image, options)
  }

  /**
   * Copies an image to another cloud, project or region, or under another name: streamed, compared with the hashes of
   * both ends, with its properties, tags, minimum sizes and protection. The copy is private unless `visibility` is set.
   * Where the bytes are there already under this name, nothing is sent. Without `to` and a name, `stores` copies the
   * image to other stores of its cloud.
   * @example
   * await using production = await connect({ cloud: 'production' })
   * await using staging = await connect({ cloud: 'staging' })
   * const image = await staging.images.find('debian-13')
   * const copy = await staging.images.copy(image, { to: production })
   * console.log(copy.outcome, copy.image.id, copy.via, copy.reason)
   * @throws UsageError when source and destination are the same; ImageExistsError for other data under this name;
   * ImageStatusError for an original without data, or deactivated; otherwise as `create` and `download`
   */
  async copy(
    image: ImageRef,
    options: ImageCopyOptions & { readonly to?: { readonly images: ImageManager } | undefined } = {},
  ): Promise<ImageCopy> {
    const { to = { images: this }, ...rest } = options
    const { copyImage } = await import('./copy/copy-image.js')
    const tools = { ranges: this.#ranges, clock: await to.images.#pollClock() }
    return copyImage({ from: this.#context, to: to.images.#context }, tools, image, rest)
  }

  /**
   * What `copy` would do. Changes nothing.
   * @throws as `copy`
   */
  async planCopy(
    image: ImageRef,
    options: ImageCopyOptions & { readonly to?: { readonly images: ImageManager } | undefined } = {},
  ): Promise<ImageCopyPlan> {
    const { to = { images: this }, ...rest } = options
    const { planImageCopy } = await import('./copy/copy-image.js')
    return planImageCopy({ from: this.#context, to: to.images.#context }, image, rest)
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
   * Creates an image from a volume: Cinder copies it, on the cloud's side. Resolves when the image is active.
   * @example
   * const image = await cloud.images.createFromVolume({ volume: 'root-disk', name: 'golden', diskFormat: 'qcow2' })
   * @throws EndpointNotFoundError on a cloud without block storage; NoMatchError, NoUniqueMatch; UsageError for a volume
   * that is in use, without `force`; otherwise as `wait`
   */
  async createFromVolume(params: VolumeImageParams): Promise<Image> {
    const { createFromVolume } = await import('./images/create-from-volume.js')
    return createFromVolume(this.#context, await this.#pollClock(), params)
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
   * Whether the store of an image sends parts of its data, so that downloads resume and use several connections. Reads
   * one byte.
   * @throws ImageStatusError while there is no data, or when it is deactivated
   */
  supportsRanges(image: ImageRef, options: CallOptions = {}): Promise<boolean> {
    return supportsRanges(this.#context, this.#ranges, image, options)
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
