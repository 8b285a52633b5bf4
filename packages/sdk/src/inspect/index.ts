export { inspectSource, type InspectSourceOptions } from './inspect-source.js'
export type { DataInspection } from './partial-reader.js'
