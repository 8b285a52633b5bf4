import { copyImage } from './methods/copy-image.js'
import { glanceDirect } from './methods/glance-direct.js'
import { glanceDownload } from './methods/glance-download.js'
import type { CreateMethod } from './methods/import-method.js'
import { webDownload } from './methods/web-download.js'

/** The import methods that the embedded cloud has, one line each. Which ones are on is configured. */
export const importMethods: readonly CreateMethod[] = [
  copyImage, //
  glanceDirect,
  glanceDownload,
  webDownload,
]
