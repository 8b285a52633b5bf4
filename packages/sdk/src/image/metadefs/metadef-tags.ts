import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { MetadefTag } from './definitions.js'
import { checkName } from './names.js'

const requests = () => import('./tag-requests.js')

/** The tags of a namespace: `images.metadefs.tags`. Only administrators change them. */
export class MetadefTags {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Lists the names of the tags (GET …/tags). */
  async list(namespace: string, options: CallOptions = {}): Promise<string[]> {
    return (await requests()).readTags(this.#context, namespace, options)
  }

  /** Reads a tag (GET …/tags/{name}). */
  async get(namespace: string, name: string, options: CallOptions = {}): Promise<MetadefTag> {
    return (await requests()).sendTag(this.#context, 'GET', namespace, { name }, options)
  }

  /** Adds one tag (POST …/tags/{name}). @throws ConflictError when it exists */
  async create(namespace: string, name: string, options: CallOptions = {}): Promise<MetadefTag> {
    return (await requests()).sendTag(this.#context, 'POST', namespace, { name }, options)
  }

  /** Adds several tags at once, or none of them (POST …/tags). @throws ConflictError when one exists */
  async add(namespace: string, names: readonly string[], options: CallOptions = {}): Promise<string[]> {
    return (await requests()).writeTags(this.#context, namespace, names, { ...options, append: true })
  }

  /** Replaces all tags (POST …/tags). */
  async set(namespace: string, names: readonly string[], options: CallOptions = {}): Promise<string[]> {
    return (await requests()).writeTags(this.#context, namespace, names, { ...options, append: false })
  }

  /** Renames a tag (PUT …/tags/{name}). @throws ConflictError when there is one of the new name */
  async rename(namespace: string, name: string, newName: string, options: CallOptions = {}): Promise<MetadefTag> {
    return (await requests()).sendTag(this.#context, 'PUT', namespace, { name, newName }, options)
  }

  /** Removes a tag. @throws ForbiddenError when the namespace is protected; NotFoundError */
  async delete(namespace: string, name: string, options: CallOptions = {}): Promise<void> {
    checkName('tag', name)
    const { deleteBelow } = await import('./namespace-requests.js')
    await deleteBelow(this.#context, namespace, ['tags', name], options)
  }

  /** Removes all tags of a namespace. @throws ForbiddenError when it is protected */
  async deleteAll(namespace: string, options: CallOptions = {}): Promise<void> {
    const { deleteBelow } = await import('./namespace-requests.js')
    await deleteBelow(this.#context, namespace, ['tags'], options)
  }
}
