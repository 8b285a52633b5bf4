import type { CreateMethod } from './methods/import-method.js'
import { glanceDirect } from './methods/glance-direct.js'

/** The import methods that the embedded cloud has, one line each. Which ones are on is configured. */
export const importMethods: readonly CreateMethod[] = [glanceDirect]
