export type { TransferLimits } from './transfer-limits.js'
export type { OnProgress, Progress, ProgressPhase } from './progress.js'
export type { MaybeSaved, SavedFile, SaveOptions } from './save-file.js'
export type { OnDamaged, Verdict } from './verdict.js'
