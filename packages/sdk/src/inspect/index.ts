export type { InspectSourceOptions, SourceInspection } from './inspect-source.js'
export type { DataInspection } from './partial-reader.js'
export type { DetectedFormat, Detail, Inspection, Problem, ProblemCode } from '@tyrax/disk-image'
