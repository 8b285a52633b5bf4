// Everything that is mounted below `/v2`, one line per resource: its `mountRoutes`, and the `migrations` of its own tables.
export * as actions from './actions/routes.js'
export * as data from './data/routes.js'
export * as images from './images/routes.js'
export * as info from './info/routes.js'
export * as members from './members/routes.js'
export * as schemas from './schemas/routes.js'
export * as tags from './tags/routes.js'
export * as imageTasks from './tasks/routes.js'
