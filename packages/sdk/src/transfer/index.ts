export type { TransferLimits } from './budget.js'
export type { OnDamaged } from './damage.js'
export type { OnProgress, Progress, ProgressPhase } from './progress.js'
export type { Verdict } from './verdict.js'
