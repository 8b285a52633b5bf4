import path from 'node:path'
import { ownPaths } from './paths.js'

/** Where the embedded cloud lives when no folder is named. */
export function embeddedFolder(env: NodeJS.ProcessEnv): string {
  return path.join(ownPaths(env).data, 'cloud')
}
