import { homedir } from 'node:os'
import path from 'node:path'

/**
 * Where the Python environment and the state of running services are kept between runs: `$TYRAX_CACHE_DIR`, otherwise
 * `$XDG_CACHE_HOME/tyrax`, otherwise `~/.cache/tyrax`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(
    env['TYRAX_CACHE_DIR'] ?? path.join(env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'tyrax'),
  )
}
