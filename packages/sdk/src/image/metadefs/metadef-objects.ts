import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { MetadefObject, MetadefObjectParams, MetadefObjectUpdate } from './definitions.js'
import { checkName } from './names.js'

const requests = () => import('./object-requests.js')

/** Groups of properties in a namespace: `images.metadefs.objects`. Only administrators change them. */
export class MetadefObjects {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Lists the objects (GET …/objects). */
  async list(namespace: string, options: CallOptions = {}): Promise<MetadefObject[]> {
    return (await requests()).readObjects(this.#context, namespace, options)
  }

  /** Reads an object (GET …/objects/{name}). */
  async get(namespace: string, name: string, options: CallOptions = {}): Promise<MetadefObject> {
    return (await requests()).readObject(this.#context, namespace, name, options)
  }

  /**
   * Adds an object (POST …/objects).
   * @throws UsageError for a name that could never be addressed again; ConflictError when it exists
   */
  async create(namespace: string, params: MetadefObjectParams, options: CallOptions = {}): Promise<MetadefObject> {
    return (await requests()).createObject(this.#context, namespace, params, options)
  }

  /** Changes the given parts of an object, its name included, and leaves the others (PUT …/objects/{name}). */
  async update(
    namespace: string,
    name: string,
    changes: MetadefObjectUpdate,
    options: CallOptions = {},
  ): Promise<MetadefObject> {
    return (await requests()).updateObject(this.#context, namespace, name, changes, options)
  }

  /** Removes an object. @throws ForbiddenError when the namespace is protected; NotFoundError */
  async delete(namespace: string, name: string, options: CallOptions = {}): Promise<void> {
    checkName('object', name)
    const { deleteBelow } = await import('./namespace-requests.js')
    await deleteBelow(this.#context, namespace, ['objects', name], options)
  }

  /** Removes all objects of a namespace. @throws ForbiddenError when it is protected */
  async deleteAll(namespace: string, options: CallOptions = {}): Promise<void> {
    const { deleteBelow } = await import('./namespace-requests.js')
    await deleteBelow(this.#context, namespace, ['objects'], options)
  }
}
