/**
 * What an OpenStack Image client and server both say: one description, used by the SDK, the embedded cloud and
 * the tests alike. Data and pure functions only.
 * @module
 */
export * from './errors.js'
export * from './formats.js'
export * from './image-fields.js'
export * from './image-listing.js'
export * from './image-status.js'
export * from './json-pointer.js'
export * from './limits.js'
export * from './media-types.js'
export * from './members.js'
export * from './visibility.js'
