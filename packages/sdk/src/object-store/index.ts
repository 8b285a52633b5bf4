export type { ByteRange } from './byte-range.js'
export type { ObjectDeleteOptions } from './delete-object.js'
export type {
  ObjectDownload,
  ObjectDownloadOptions,
  ObjectFileDownload,
  ObjectFileDownloadOptions,
} from './download-object.js'
export type { LargeKind, ObjectSegment } from './large/manifest.js'
export type { OrphanSegment, OrphanSegmentOptions } from './large/orphan-segments.js'
export type { PutReport } from './large/put-request.js'
export type { ContainerEntry, ObjectEntry, ObjectFolder, ObjectListParams, ObjectsParams } from './listing.js'
export type { Metadata } from './headers.js'
export type { ContainerInfo, ContainerOptions, CopiedObject, ObjectStorage } from './object-storage.js'
export type { StoredObject } from './put-object.js'
export type { ObjectPutOptions } from './put-options.js'
export type { ObjectInfo, StorageObject } from './storage-object.js'
