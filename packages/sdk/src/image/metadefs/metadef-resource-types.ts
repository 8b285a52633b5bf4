import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type { MetadefAssociation } from './definitions.js'
import { checkName } from './names.js'

const requests = () => import('./resource-type-requests.js')

/** Types of resources, and which namespaces are meant for them: `images.metadefs.resourceTypes`. */
export class MetadefResourceTypes {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /** Lists all types of resources, such as `OS::Glance::Image` (GET /v2/metadefs/resource_types). */
  async list(options: CallOptions = {}): Promise<string[]> {
    return (await requests()).readResourceTypes(this.#context, options)
  }

  /** Lists the types that a namespace is meant for (GET …/resource_types). */
  async associations(namespace: string, options: CallOptions = {}): Promise<MetadefAssociation[]> {
    return (await requests()).readAssociations(this.#context, namespace, options)
  }

  /**
   * Declares that a namespace is meant for a type, which is created if it is new: for administrators
   * (POST …/resource_types).
   * @throws ConflictError when it is already
   */
  async associate(
    namespace: string,
    association: MetadefAssociation,
    options: CallOptions = {},
  ): Promise<MetadefAssociation> {
    return (await requests()).createAssociation(this.#context, namespace, association, options)
  }

  /** The reverse of `associate`. @throws ForbiddenError when the namespace is protected; NotFoundError */
  async dissociate(namespace: string, resourceType: string, options: CallOptions = {}): Promise<void> {
    checkName('resource type', resourceType)
    const { deleteBelow } = await import('./namespace-requests.js')
    await deleteBelow(this.#context, namespace, ['resource_types', resourceType], options)
  }
}
