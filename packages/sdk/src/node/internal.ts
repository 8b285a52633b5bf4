/** For the packages of tyrax alone: not part of what the SDK promises, and it may change with every release. */
export { FileRefused, makeFolders, ownFolder, readGivenFile, readOwnFile, writeOwnFile } from './steering-file.js'
export { shownUrl } from '../transport/redact.js'
export { readYaml, YamlError } from './config/read-yaml.js'
export { authMethods } from '../auth/methods/index.js'
export { nodePlatform } from './platform/node-platform.js'
