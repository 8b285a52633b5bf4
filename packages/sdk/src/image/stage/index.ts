export type { StagedData, StageOptions } from './stage-image.js'
