// All that is mounted below `/v2`, a line for each resource.
export { mountActions } from './actions/routes.js'
export { mountData } from './data/routes.js'
export { mountImages } from './images/routes.js'
export { mountInfo } from './info/routes.js'
export { mountMembers } from './members/routes.js'
export { mountSchemas } from './schemas/routes.js'
export { mountTags } from './tags/routes.js'
export { mountImageTasks } from './tasks/routes.js'
