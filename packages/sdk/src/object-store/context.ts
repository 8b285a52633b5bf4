import type { ServiceClient } from '../service/service-client.js'
import type { Platform } from '../platform/platform.js'
import type { RetryPolicy } from '../retry/policies.js'
import type { ReadLimits } from './large/limits.js'

/** What the methods of `objects` work with. */
export interface ObjectContext {
  /** The object storage service. */
  readonly client: ServiceClient
  readonly platform: Platform
  readonly limits: ReadLimits
  /** How patiently a broken read is resumed. @default as `defaultRetryPolicy` */
  readonly retry?: Partial<RetryPolicy> | undefined
}
