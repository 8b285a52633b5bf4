export * from '../public.js'
export { connect, type ConnectOptions } from './connect.js'
export { createFetchTransport } from './fetch-transport.js'
export { browserPlatform } from './platform/browser-platform.js'
