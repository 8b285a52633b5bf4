import { homedir } from 'node:os'
import type { ConfigContext } from '@tyrax/sdk'

/** Where the SDK looks for clouds.yaml and variables: in the command's surroundings, not the process's. */
export function configContext({ env, cwd }: { env: NodeJS.ProcessEnv; cwd: string }): ConfigContext {
  return { env, cwd, home: env['HOME'] ?? homedir(), platform: process.platform }
}
