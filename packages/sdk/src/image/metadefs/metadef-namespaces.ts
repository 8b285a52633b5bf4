import { PagedList } from '../../paging/paged-list.js'
import type { CallOptions } from '../../service/call-options.js'
import type { ImageContext } from '../images/context.js'
import type {
  ForResourceType,
  MetadefNamespace,
  MetadefNamespaceListParams,
  MetadefNamespaceParams,
  MetadefNamespaceUpdate,
} from './definitions.js'

const requests = () => import('./namespace-requests.js')

/** Namespaces of metadata definitions: `images.metadefs.namespaces`. Only administrators change them. */
export class MetadefNamespaces {
  readonly #context: ImageContext

  /** @internal */
  constructor(context: ImageContext) {
    this.#context = context
  }

  /**
   * Lists the namespaces that you may see, without what is in them (GET /v2/metadefs/namespaces). Awaiting returns the
   * first page, iterating yields all.
   */
  list(params: MetadefNamespaceListParams = {}): PagedList<MetadefNamespace> {
    return new PagedList(async (marker) => (await requests()).readNamespaces(this.#context, params, marker))
  }

  /**
   * Reads a namespace with everything in it (GET /v2/metadefs/namespaces/{namespace}). With `resourceType`, its
   * properties are called as on that type of resource.
   * @throws NotFoundError when it does not exist or you may not see it
   */
  async get(namespace: string, options: ForResourceType = {}): Promise<MetadefNamespace> {
    return (await requests()).readNamespace(this.#context, namespace, options)
  }

  /**
   * Creates a namespace with everything in it, or not at all (POST /v2/metadefs/namespaces).
   * @throws UsageError for a name that could never be addressed again; ConflictError when it exists
   */
  async create(params: MetadefNamespaceParams, options: CallOptions = {}): Promise<MetadefNamespace> {
    return (await requests()).createNamespace(this.#context, params, options)
  }

  /**
   * Changes the given fields of a namespace and leaves the others, which a plain PUT would reset (visibility, protected
   * and owner among them). What is in it stays.
   */
  async update(
    namespace: string,
    changes: MetadefNamespaceUpdate,
    options: CallOptions = {},
  ): Promise<MetadefNamespace> {
    return (await requests()).updateNamespace(this.#context, namespace, changes, options)
  }

  /** Deletes a namespace with everything in it. @throws ForbiddenError when it is protected */
  async delete(namespace: string, options: CallOptions = {}): Promise<void> {
    await (await requests()).deleteBelow(this.#context, namespace, [], options)
  }
}
