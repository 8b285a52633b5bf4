export type { ImageApiVersion } from './image-versions.js'
