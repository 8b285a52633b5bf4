import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { Image, ImageRef } from '../images/image.js'
import type { AddLocationOptions, AppendLocationOptions, ImageLocation } from './image-location.js'

/** Data that is somewhere else, at an address: `images.locations`. */
export class ImageLocations {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /**
   * Lists the locations: for callers with the role `service` (GET /v2/images/{id}/locations), and for everyone where
   * the operator shows them in the image's record.
   * @throws ForbiddenError where neither is the case
   */
  async list(image: ImageRef, options: CallOptions = {}): Promise<ImageLocation[]> {
    const { listLocations } = await import('./location-requests.js')
    return listLocations(this.#context, image, options)
  }

  /**
   * Gives a queued image the data at an address (POST /v2/images/{id}/locations). The server reads its size and hash
   * in the background: `images.wait` tells how that ends. Members may add http addresses where the cloud has a store
   * for them; everything else is for the role `service`.
   * @throws UsageError for an invalid hash; BadRequestError for an address that the server does not accept;
   * ConflictError when the image is not queued; ForbiddenError
   */
  async add(image: ImageRef, url: string, options: AddLocationOptions = {}): Promise<void> {
    const { addLocation } = await import('./location-requests.js')
    await addLocation(this.#context, image, url, options)
  }

  /**
   * Adds a location to the image's record, the older way (PATCH /locations/-): at once, without comparing a hash, and
   * also for an image that has data. Resolves to the changed image.
   * @throws ForbiddenError where the operator does not allow it (`show_multiple_locations`)
   */
  async append(image: ImageRef, url: string, options: AppendLocationOptions = {}): Promise<Image> {
    const { appendLocation } = await import('./location-requests.js')
    return appendLocation(this.#context, image, url, options)
  }

  /**
   * Replaces all locations of the record (PATCH /locations). Servers accept this only for an image without any.
   * @throws BadRequestError; ForbiddenError
   */
  async replace(image: ImageRef, locations: readonly ImageLocation[], options: CallOptions = {}): Promise<Image> {
    const { replaceLocations } = await import('./location-requests.js')
    return replaceLocations(this.#context, image, locations, options)
  }

  /**
   * Removes a location by its url, for administrators (PATCH /locations/N). What the location's store holds is deleted,
   * as far as the store is the cloud's.
   * @throws NoMatchError when the image has no such location; ForbiddenError for the last one, and for everyone else
   */
  async remove(image: ImageRef, url: string, options: CallOptions = {}): Promise<Image> {
    const { removeLocation } = await import('./location-requests.js')
    return removeLocation(this.#context, image, url, options)
  }
}
