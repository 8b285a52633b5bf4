import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageUsage } from './image-usage.js'

/** The calling project's quotas of the image service: `images.usage`. */
export class ImageQuotas {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /**
   * Reads limits and usage (GET /v2/info/usage). An empty object on clouds that keep no quotas.
   * @throws NotFoundError on clouds older than Xena
   */
  async get(options: CallOptions = {}): Promise<ImageUsage> {
    const { readUsage } = await import('./usage-request.js')
    return readUsage(this.#context, options)
  }
}
