export type { AddLocationOptions, AppendLocationOptions, ImageLocation, LocationHash } from './image-location.js'
export type { ImageLocations } from './image-locations.js'
