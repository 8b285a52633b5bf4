import type { ResponseHeaders } from '../transport/response-headers.js'
import { path } from '../client/path.js'
import type { ServiceClient, ServiceRequest } from '../client/service-client.js'
import type { CallOptions } from '../client/call-options.js'
import type { PagedList } from '../paging/paged-list.js'
import type { Platform } from '../platform/platform.js'
import type { SourceLike } from '../sources/to-source.js'
import { containerPath } from './container-path.js'
import { type Metadata, metadataHeaders, readMetadata } from './metadata.js'
import {
  type ContainerEntry,
  listContainers,
  listObjects,
  type ObjectEntry,
  type ObjectFolder,
  type ObjectListParams,
  type ObjectsParams,
} from './listing.js'
import { objectInfo } from './object-info.js'
import { type ObjectPutOptions, putObject } from './put-object.js'
import { type ObjectInfo, StorageObject } from './storage-object.js'

/** A container and what it holds. */
export interface ContainerInfo {
  readonly name: string
  readonly objects: number
  readonly bytes: number
  readonly metadata: Metadata
}

/** The project's object storage (Swift): `cloud.objects`. */
export class ObjectStorage {
  readonly #client: ServiceClient
  readonly #platform: Platform

  constructor(parts: { readonly client: ServiceClient; readonly platform: Platform }) {
    this.#client = parts.client
    this.#platform = parts.platform
  }

  /** Containers by name: awaiting gives the first page, iterating all of them. */
  listContainers(params: ObjectListParams = {}): PagedList<ContainerEntry> {
    return listContainers(this.#client, params)
  }

  /** A container that is there already stays as it is, but for the metadata. */
  async createContainer(
    name: string,
    options: CallOptions & { readonly metadata?: Metadata | undefined } = {},
  ): Promise<void> {
    await this.#send({
      method: 'PUT',
      path: containerPath(name),
      headers: metadataHeaders('container', options.metadata ?? {}),
      retry: { methods: ['PUT'] },
      signal: options.signal,
    })
  }

  /** @throws NotFoundError */
  async statContainer(name: string, options: CallOptions = {}): Promise<ContainerInfo> {
    const headers = await this.#send({ method: 'HEAD', path: containerPath(name), signal: options.signal })
    return {
      name,
      objects: Number(headers.get('x-container-object-count') ?? 0),
      bytes: Number(headers.get('x-container-bytes-used') ?? 0),
      metadata: readMetadata('container', headers),
    }
  }

  /** Sets what is given and leaves the rest; an empty value removes. */
  async setContainerMetadata(name: string, metadata: Metadata, options: CallOptions = {}): Promise<void> {
    await this.#send({
      method: 'POST',
      path: containerPath(name),
      headers: metadataHeaders('container', metadata),
      retry: { methods: ['POST'] },
      signal: options.signal,
    })
  }

  /** @throws NotFoundError; ConflictError while there are objects in it */
  async deleteContainer(name: string, options: CallOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: containerPath(name), signal: options.signal })
  }

  /** Objects by name: awaiting gives the first page, iterating all of them. */
  list(containerName: string, params: ObjectsParams = {}): PagedList<ObjectEntry | ObjectFolder> {
    return listObjects(this.#client, containerName, params)
  }

  /**
   * Stores bytes under a name, streamed, and compares their MD5 with what the server stored.
   * @throws IntegrityError
   */
  async put(
    containerName: string,
    name: string,
    data: SourceLike,
    options: ObjectPutOptions = {},
  ): Promise<StorageObject> {
    containerPath(containerName)
    return putObject({ client: this.#client, platform: this.#platform }, containerName, name, data, options)
  }

  /** The object; its bytes are fetched when they are read. @throws NotFoundError */
  async get(containerName: string, name: string, options: CallOptions = {}): Promise<StorageObject> {
    return new StorageObject(this.#client, await this.stat(containerName, name, options))
  }

  /** What is known of an object. @throws NotFoundError */
  async stat(containerName: string, name: string, options: CallOptions = {}): Promise<ObjectInfo> {
    const headers = await this.#send({ method: 'HEAD', path: object(containerName, name), signal: options.signal })
    return objectInfo(containerName, name, headers)
  }

  /** Replaces all of an object's metadata. */
  async setMetadata(containerName: string, name: string, metadata: Metadata, options: CallOptions = {}): Promise<void> {
    await this.#send({
      method: 'POST',
      path: object(containerName, name),
      headers: metadataHeaders('object', metadata),
      retry: { methods: ['POST'] },
      signal: options.signal,
    })
  }

  /** Copies on the server, metadata included. */
  async copy(
    from: { readonly container: string; readonly name: string },
    to: { readonly container: string; readonly name: string },
    options: CallOptions = {},
  ): Promise<StorageObject> {
    await this.#send({
      method: 'PUT',
      path: object(to.container, to.name),
      headers: { 'x-copy-from': object(from.container, from.name), 'content-length': '0' },
      retry: { methods: ['PUT'] },
      signal: options.signal,
    })
    return this.get(to.container, to.name, options)
  }

  /** @throws NotFoundError */
  async delete(containerName: string, name: string, options: CallOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: object(containerName, name), signal: options.signal })
  }

  async #send(request: ServiceRequest): Promise<ResponseHeaders> {
    const response = await this.#client.request(request)
    await response.discard()
    return response.headers
  }
}

function object(containerName: string, name: string): string {
  return containerPath(containerName) + path`/${name}`
}
