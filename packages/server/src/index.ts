export { startCloud, type CloudActivity, type EmbeddedCloud, type StartCloudOptions } from './start-cloud.js'
export { DataFolderError, DataFolderInUse, type DataFolderProblem } from './data-folder/data-folder-error.js'
export type { Orphan } from './blobs/orphans.js'
export { AddressError } from './config/address.js'
export { RuntimeUnsupported } from './config/runtime.js'
export { ConfigError } from './config/config-error.js'
export type {
  CloudConfigInput,
  ImageConfig,
  ImageConfigInput,
  ImageQuotas,
  ImportFilter,
  PropertyProtection,
  RemoteRegion,
  IdentityConfigInput,
  IdentityProviderConfig,
  StoreConfig,
  UserConfig,
} from './config/cloud-config.js'
export type { LocalPart, LocalUser, MappingRule, RemoteCondition } from './identity/federation/mapping-rules.js'
export type { HashAlgorithm } from './blobs/hash-algorithms.js'
export type { Visibility } from '@tyrax/protocol'
export { PortInUse } from './http/listen.js'
export type { Logger } from './log.js'
// Not imported through the folder's index, which loads the schema library that most starts do not need.
export { withFaults } from './faults/engine.js'
export type { Fault, FaultMoment, FaultPlan, FaultRule } from './faults/fault.js'
export { tapRequest } from './faults/request-gate.js'
