import type { ImageSchemaName } from '@tyrax/protocol'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ImageSchema } from './schema-document.js'

/** The schema documents of the image service, as this cloud is configured: `images.schemas`. */
export class ImageSchemas {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /**
   * Reads a document (GET /v2/schemas/{name}): `image` has the formats that this cloud takes, and the properties that
   * its operator declared.
   * @example
   * const { properties } = await cloud.images.schemas.get('image')
   * console.log(properties['disk_format']?.enum)
   * @throws UsageError for a name that no document has; NotFoundError on clouds that lack it
   */
  async get(name: ImageSchemaName, options: CallOptions = {}): Promise<ImageSchema> {
    const { readSchema } = await import('./schema-request.js')
    return readSchema(this.#context, name, options)
  }
}
