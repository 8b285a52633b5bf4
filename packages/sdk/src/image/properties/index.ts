export type { CommonImageProperties } from '@tyrax/protocol'
export type { ImageProperties, PropertyCheckOptions } from './image-properties.js'
export type { PropertyFinding } from './property-finding.js'
