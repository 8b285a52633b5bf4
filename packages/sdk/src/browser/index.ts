export * from '../public.js'
export { connect, type ConnectOptions } from './connect.js'
export { createFetchTransport, type FetchTransportOptions } from './fetch-transport.js'
export { fromUrl } from './sources/url-source.js'
export { inspectSource } from './sources/inspect-source.js'
/** @internal Exported at run time only, to explain what to use instead. */
export { createUndiciTransport, fromFile, processContext } from './needs-node.js'
