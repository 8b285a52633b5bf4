export type { ImportMethod, ImportOptions, ImportResult, ImportVia, SeenAddress } from './import-options.js'
