export { startCloud, DataFolderInUse, type EmbeddedCloud, type StartCloudOptions } from './start-cloud.js'
export { ConfigError } from './config/config-error.js'
export type { CloudConfigInput, ImageConfigInput, UserConfig } from './config/cloud-config.js'
export { PortInUse } from './http/listen.js'
export type { Logger } from './log.js'
// Not by way of the folder's index: that loads the schema library, which most starts do without.
export { withFaults } from './faults/engine.js'
export type { Fault, FaultPlan, FaultRule } from './faults/plan.js'
export { tapRequest } from './faults/request-gate.js'
