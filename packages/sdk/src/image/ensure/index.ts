export type { EnsuredImage, EnsureOutcome, ImageEnsureParams, ImageEnsurePlan } from './ensure-options.js'
