/** What every runtime exports. */
export * from './errors/index.js'
export type { Cloud, CloudEndpoints } from './cloud/cloud.js'
export type { Logger } from './http/logger.js'
export type { ServiceResponse } from './http/service-response.js'
export type { CallOptions } from './service/call-options.js'
export type { ServiceClient, ServiceRequest, Query } from './service/service-client.js'
export { path } from './http/path.js'
export type { AuthOptions, CloudOptions } from './config/connect-options.js'
export type { DeviceCode, SignIn } from './auth/login-means.js'
export type { TokenCache, TokenGrant } from './auth/token-grant.js'
export type { Catalog, CatalogEndpoint, CatalogService } from './catalog/catalog.js'
export type { Identity, Project } from './identity/identity.js'
export { defaultRetryPolicy, type RetryPolicy } from './retry/policies.js'
export { retryDelay, type RetryMoment } from './retry/delay.js'
export { defaultTimeouts } from './transport/transport.js'
export type { ResponseHeaders } from './errors/http-error.js'
export type {
  StreamBody,
  Timeouts,
  Transport,
  TransportRequest,
  TransportResponse,
  WholeBodies,
} from './transport/transport.js'
export * from './resources.js'
