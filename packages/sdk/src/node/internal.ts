/** For the packages of tyrax alone: not part of what the SDK promises, and it may change with every release. */
export { FileRefused } from './guarded-file.js'
export { readNamedFile } from './named-file.js'
export { makeFolders, ownFolder, readOwnFile, writeOwnFile } from './own-file.js'
export { shownUrl } from '../transport/redact.js'
export { readYaml, YamlError } from './config/read-yaml.js'
export { authMethods } from '../auth/methods/index.js'
export { nodePlatform } from './platform/node-platform.js'
