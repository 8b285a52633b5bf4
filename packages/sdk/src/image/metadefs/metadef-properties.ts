import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { ForResourceType, MetadefProperty, MetadefPropertyUpdate } from './definitions.js'
import { checkName } from './names.js'

const requests = () => import('./property-requests.js')

/** The properties of a namespace: `images.metadefs.properties`. Only administrators change them. */
export class MetadefProperties {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Lists the properties by name (GET …/properties). */
  async list(namespace: string, options: CallOptions = {}): Promise<Readonly<Record<string, MetadefProperty>>> {
    return (await requests()).readProperties(this.#context, namespace, options)
  }

  /** Reads a property; with `resourceType`, by its name on that type of resource (GET …/properties/{name}). */
  async get(namespace: string, name: string, options: ForResourceType = {}): Promise<MetadefProperty> {
    return (await requests()).readProperty(this.#context, namespace, name, options)
  }

  /**
   * Adds a property (POST …/properties).
   * @throws UsageError for a name that could never be addressed again; ConflictError when it exists
   */
  async create(
    namespace: string,
    name: string,
    property: MetadefProperty,
    options: CallOptions = {},
  ): Promise<MetadefProperty> {
    return (await requests()).createProperty(this.#context, namespace, name, property, options)
  }

  /** Changes the given parts of a property, its name included, and leaves the others (PUT …/properties/{name}). */
  async update(
    namespace: string,
    name: string,
    changes: MetadefPropertyUpdate,
    options: CallOptions = {},
  ): Promise<MetadefProperty> {
    return (await requests()).updateProperty(this.#context, namespace, name, changes, options)
  }

  /** Removes a property. @throws ForbiddenError when the namespace is protected; NotFoundError */
  async delete(namespace: string, name: string, options: CallOptions = {}): Promise<void> {
    checkName('property', name)
    const { deleteBelow } = await import('./namespace-requests.js')
    await deleteBelow(this.#context, namespace, ['properties', name], options)
  }

  /** Removes all properties of a namespace. @throws ForbiddenError when it is protected */
  async deleteAll(namespace: string, options: CallOptions = {}): Promise<void> {
    const { deleteBelow } = await import('./namespace-requests.js')
    await deleteBelow(this.#context, namespace, ['properties'], options)
  }
}
