export { migrations } from './cache-repository.js'
export { mountRoutes } from './routes.js'
