import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageRef } from '../images/image.js'
import type { ImageStore, ImageStoreDetail } from './image-store.js'

/** The stores of a cloud: `images.stores`. */
export class ImageStores {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Lists the stores (GET /v2/info/stores); empty on a cloud with a single store, which has no id. */
  async list(options: CallOptions = {}): Promise<ImageStore[]> {
    const { listStores } = await import('./store-requests.js')
    return listStores(this.#context, options)
  }

  /**
   * Lists the stores with their type, weight and configuration: for administrators (GET /v2/info/stores/detail). Empty
   * on a cloud with a single store.
   * @throws ForbiddenError for everyone else
   */
  async detail(options: CallOptions = {}): Promise<ImageStoreDetail[]> {
    const { listStoreDetails } = await import('./store-requests.js')
    return listStoreDetails(this.#context, options)
  }

  /**
   * Removes one of several copies of an image's data: for administrators (DELETE /v2/stores/{store}/{image}).
   * @throws ForbiddenError for the last copy, and for everyone else; NotFoundError when the store has no copy;
   * ConflictError for an unknown store, or an image that is not active
   */
  async deleteFrom(image: ImageRef, store: string, options: CallOptions = {}): Promise<void> {
    const { deleteFromStore } = await import('./store-requests.js')
    await deleteFromStore(this.#context, image, store, options)
  }
}
