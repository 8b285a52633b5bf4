export type { StoreResult } from './import-state.js'
export type { WaitedImage, WaitOptions } from './wait-options.js'
