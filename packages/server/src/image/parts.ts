import type { BlobStore } from '../blobs/blob-store.js'
import type { ImageConfig } from '../config/cloud-config.js'
import type { Database } from '../database/database.js'
import type { Logger } from '../log.js'
import type { PropertyProtections } from './access/property-protections.js'
import type { FieldSchemas } from './images/fields/field-schemas.js'
import type { ImageCache } from './cache/image-cache.js'
import type { Clock } from './images/clock.js'
import type { ImageRepository } from './images/image-repository.js'
import type { ImageService } from './images/image-service.js'
import type { Locations } from './locations/locations.js'
import type { UsageService } from './usage/usage-service.js'
import type { TaskService } from './tasks/task-service.js'

/** What the resources of the Image service are built from. */
export interface ImageParts {
  readonly images: ImageService
  readonly tasks: TaskService
  readonly repository: ImageRepository
  /** For the repositories of other resources. */
  readonly db: Database
  readonly blobs: BlobStore
  /** Undefined: the cloud is configured without one. */
  readonly cache: ImageCache | undefined
  readonly config: ImageConfig
  /** The region that this cloud is in. */
  readonly region: string
  /** The image document's properties, as configured. */
  readonly fieldSchemas: FieldSchemas
  /** Undefined: properties are not protected. */
  readonly protections: PropertyProtections | undefined
  readonly locations: Locations
  /** What a project may use in all. */
  readonly usage: UsageService
  readonly clock: Clock
  readonly log: Logger
  /** The beginning of `Location` headers: the service's public URL, or empty. */
  readonly serviceUrl: string
  /** The URL at which clients reach this service, without a version; known once the cloud listens. */
  readonly ownUrl: () => string
}
