/**
 * What an OpenStack Image client and server have in common: one description, used by the SDK, the embedded cloud and
 * the tests. Data and pure functions only.
 * @module
 */
export * from './http-reasons.js'
export * from './image/cache.js'
export * from './image/common-properties.js'
export * from './image/formats.js'
export * from './image/image-fields.js'
export * from './image/image-listing.js'
export * from './image/image-status.js'
export * from './image/imports.js'
export * from './image/json-pointer.js'
export * from './image/limits.js'
export * from './image/media-types.js'
export * from './image/members.js'
export * from './image/metadefs.js'
export * from './image/tasks.js'
export * from './image/schemas.js'
export * from './image/visibility.js'
export * from './nearest.js'
