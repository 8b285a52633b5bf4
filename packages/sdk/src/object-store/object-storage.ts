import type { ResponseHeaders } from '../errors/http-error.js'
import type { PagedList } from '../paging/paged-list.js'
import type { Platform } from '../platform/platform.js'
import type { RetryPolicy } from '../retry/policies.js'
import type { CallOptions } from '../service/call-options.js'
import type { ServiceClient, ServiceRequest } from '../service/service-client.js'
import type { SourceLike } from '../sources/to-source.js'
import type { MaybeSaved } from '../transfer/save-file.js'
import { containerPath, objectPath } from './address.js'
import type { ObjectContext } from './context.js'
import { copyObject } from './copy-object.js'
import { deleteObject, type ObjectDeleteOptions } from './delete-object.js'
import {
  downloadObjectFile,
  downloadObjectStream,
  type ObjectDownload,
  type ObjectDownloadOptions,
  type ObjectFileDownload,
  type ObjectFileDownloadOptions,
} from './download-object.js'
import { rememberLimits } from './large/limits.js'
import { findOrphanSegments, type OrphanSegment, type OrphanSegmentOptions } from './large/orphan-segments.js'
import type { PutReport } from './large/put-request.js'
import type { ObjectSegment } from './large/manifest.js'
import { listSegments, statObject } from './object-info.js'
import {
  type ContainerEntry,
  listContainers,
  listObjects,
  type ObjectEntry,
  type ObjectFolder,
  type ObjectListParams,
  type ObjectsParams,
} from './listing.js'
import { keptWith, type Metadata, metadataHeaders, readMetadata } from './headers.js'
import { putObject, type StoredObject } from './put-object.js'
import type { ObjectPutOptions } from './put-options.js'
import { type ObjectInfo, StorageObject } from './storage-object.js'

/** A container and its totals. */
export interface ContainerInfo {
  readonly name: string
  readonly objects: number
  readonly bytes: number
  readonly metadata: Metadata
}

/** What `objects.createContainer` takes. */
export interface ContainerOptions extends CallOptions {
  readonly metadata?: Metadata | undefined
  /** Everyone may list it and read its objects, without a token. @default false */
  readonly isPublic?: boolean | undefined
  /** How and where the cloud stores its objects: a name that the operator chose. @default the cloud's */
  readonly storagePolicy?: string | undefined
}

/** The object that a copy has made, and the segments of the replaced one that could not be deleted. */
export type CopiedObject = StorageObject & Pick<PutReport, 'leftSegments'>

/** The project's object storage (Swift): `cloud.objects`. */
export class ObjectStorage {
  readonly #client: ServiceClient
  readonly #context: ObjectContext

  /** @internal */
  constructor(parts: {
    readonly client: ServiceClient
    readonly platform: Platform
    readonly retry?: Partial<RetryPolicy> | undefined
  }) {
    this.#client = parts.client
    this.#context = { ...parts, limits: rememberLimits(parts.client) }
  }

  /** Containers by name: awaiting returns the first page, iterating all of them. */
  listContainers(params: ObjectListParams = {}): PagedList<ContainerEntry> {
    return listContainers(this.#client, params)
  }

  /** Creates a container; an existing one stays as it is, except for the metadata and who may read it. */
  async createContainer(name: string, options: ContainerOptions = {}): Promise<void> {
    const { metadata = {}, isPublic, storagePolicy } = options
    await this.#send({
      method: 'PUT',
      path: containerPath(name),
      headers: {
        ...metadataHeaders('container', metadata),
        ...(isPublic && { 'x-container-read': '.r:*,.rlistings' }),
        ...(storagePolicy !== undefined && { 'x-storage-policy': storagePolicy }),
      },
      retry: { methods: ['PUT'] },
      signal: options.signal,
    })
  }

  /** A container's number of objects and bytes, and its metadata. @throws NotFoundError */
  async statContainer(name: string, options: CallOptions = {}): Promise<ContainerInfo> {
    const headers = await this.#send({ method: 'HEAD', path: containerPath(name), signal: options.signal })
    return {
      name,
      objects: Number(headers.get('x-container-object-count') ?? 0),
      bytes: Number(headers.get('x-container-bytes-used') ?? 0),
      metadata: readMetadata('container', headers),
    }
  }

  /** Sets the given metadata and leaves the rest; an empty value removes an entry. */
  async setContainerMetadata(name: string, metadata: Metadata, options: CallOptions = {}): Promise<void> {
    await this.#send({
      method: 'POST',
      path: containerPath(name),
      headers: metadataHeaders('container', metadata),
      retry: { methods: ['POST'] },
      signal: options.signal,
    })
  }

  /** Deletes an empty container. @throws NotFoundError; ConflictError while it holds objects */
  async deleteContainer(name: string, options: CallOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: containerPath(name), signal: options.signal })
  }

  /** Objects by name: awaiting returns the first page, iterating all of them. */
  list(containerName: string, params: ObjectsParams = {}): PagedList<ObjectEntry | ObjectFolder> {
    return listObjects(this.#client, containerName, params)
  }

  /**
   * Stores bytes under a name, streamed, and compares their MD5 with what the server stored. Data that is larger than a
   * segment is stored as a static large object: segments in parallel, each compared and repeated by itself, the
   * manifest last, so that the object stays unchanged until then. Segments of a large object that it replaces are
   * removed.
   * @example
   * await cloud.objects.createContainer('images')
   * const object = await cloud.objects.put('images', 'debian-13.qcow2', fromFile('debian-13.qcow2'))
   * const image = await cloud.images.create({ name: 'debian-13', diskFormat: 'auto', obj: object })
   * @throws IntegrityError; SourceError for a source that changes; UsageError for data that the server cannot accept
   */
  async put(
    containerName: string,
    name: string,
    data: SourceLike,
    options: ObjectPutOptions = {},
  ): Promise<StoredObject> {
    return putObject(this.#context, { container: containerName, name }, data, options)
  }

  /** The object; its bytes are fetched when they are read. @throws NotFoundError */
  async get(containerName: string, name: string, options: CallOptions = {}): Promise<StorageObject> {
    return new StorageObject(this.#context, await this.stat(containerName, name, options))
  }

  /**
   * Downloads an object's bytes and compares them with the server's hashes: as a web stream, or with `to` as a file
   * that appears only when it is complete. Resumes when a connection breaks off; a file also resumes from an earlier
   * download. The verdict is `unverifiable` where the server has no hash to compare with: for dynamic large objects,
   * and for static ones that are made of ranges of objects.
   * @example
   * const { path, verdict } = await cloud.objects.download('images', 'debian.qcow2', { to: 'debian.qcow2' })
   * @throws NotFoundError; TargetError; IntegrityError; SourceError when the object is replaced in the meantime
   */
  download(containerName: string, name: string, options: ObjectFileDownloadOptions): Promise<ObjectFileDownload>
  download(
    containerName: string,
    name: string,
    options?: ObjectDownloadOptions & { readonly to?: undefined },
  ): Promise<ObjectDownload>
  download(
    containerName: string,
    name: string,
    options: MaybeSaved<ObjectFileDownloadOptions>,
  ): Promise<ObjectFileDownload | ObjectDownload>
  download(
    containerName: string,
    name: string,
    options: ObjectDownloadOptions & { readonly to?: string | undefined } = {},
  ): Promise<ObjectFileDownload | ObjectDownload> {
    const at = { container: containerName, name }
    const { to } = options
    return to === undefined
      ? downloadObjectStream(this.#context, at, options)
      : downloadObjectFile(this.#context, at, { ...options, to })
  }

  /** An object's size, hash, type and metadata. @throws NotFoundError */
  async stat(containerName: string, name: string, options: CallOptions = {}): Promise<ObjectInfo> {
    return statObject(this.#context, { container: containerName, name }, options.signal)
  }

  /** The segments of a large object, in order; none for an object that has its own bytes. @throws NotFoundError */
  async segments(containerName: string, name: string, options: CallOptions = {}): Promise<readonly ObjectSegment[]> {
    return listSegments(this.#context, { container: containerName, name }, options.signal)
  }

  /** Replaces all of an object's metadata. Its type, its encoding and its other headers stay as they are. */
  async setMetadata(containerName: string, name: string, metadata: Metadata, options: CallOptions = {}): Promise<void> {
    const path = objectPath({ container: containerName, name })
    const headers = metadataHeaders('object', metadata)
    // Without it, a dynamic large object becomes an empty one. A user who may write but not read may still set it.
    const head = await this.#send({ method: 'HEAD', path, accept: [403], signal: options.signal })
    const kept = keptWith(head, ['x-object-manifest'])
    await this.#send({
      method: 'POST',
      path,
      headers: { ...kept, ...headers },
      retry: { methods: ['POST'] },
      signal: options.signal,
    })
  }

  /**
   * Copies on the server, including metadata. A static large object is copied segment by segment and stays one, so that
   * it shares nothing with its original; a dynamic one becomes an object with its own bytes, which Swift does up to its
   * size limit for such objects, usually 5 GiB.
   */
  async copy(
    from: { readonly container: string; readonly name: string },
    to: { readonly container: string; readonly name: string },
    options: CallOptions = {},
  ): Promise<CopiedObject> {
    const leftSegments = await copyObject(this.#context, from, to, options.signal)
    return Object.assign(await this.get(to.container, to.name, options), { leftSegments })
  }

  /**
   * Deletes an object, a static large one with its segments. Of a dynamic one only the manifest is deleted, unless
   * `keepSegments: false` is set.
   * @throws NotFoundError; HttpError when segments could not be deleted
   */
  async delete(containerName: string, name: string, options: ObjectDeleteOptions = {}): Promise<void> {
    await deleteObject(this.#context, { container: containerName, name }, options)
  }

  /**
   * Finds what unfinished puts left in a container's segment container: segments that belong to no object. They can be
   * deleted one by one, with `delete`.
   */
  async findOrphanSegments(
    containerName: string,
    options: OrphanSegmentOptions = {},
  ): Promise<readonly OrphanSegment[]> {
    containerPath(containerName)
    return findOrphanSegments(this.#context, containerName, options)
  }

  async #send(request: ServiceRequest): Promise<ResponseHeaders> {
    const response = await this.#client.request(request)
    await response.discard()
    return response.headers
  }
}
