import path from 'node:path'
import envPaths from 'env-paths'

/** Where tyrax keeps its own files. */
export interface OwnPaths {
  /** The embedded cloud's records and bytes. */
  readonly data: string
  /** Tokens. */
  readonly cache: string
}

/**
 * The user's folders, according to XDG on Linux and to the platform's conventions elsewhere. TYRAX_DATA_DIR and
 * TYRAX_CACHE_DIR win. Reads only `env`, so that a caller with another environment has other folders.
 */
export function ownPaths(env: NodeJS.ProcessEnv): OwnPaths {
  return {
    data: env['TYRAX_DATA_DIR'] ?? folder(env, 'XDG_DATA_HOME', ['.local', 'share'], 'data'),
    cache: env['TYRAX_CACHE_DIR'] ?? folder(env, 'XDG_CACHE_HOME', ['.cache'], 'cache'),
  }
}

/** Where the embedded cloud is when the user names no folder. */
export function embeddedFolder(context: { readonly env: NodeJS.ProcessEnv; readonly cwd: string }): string {
  const folder = path.join(ownPaths(context.env).data, 'cloud')
  // The current folder may no longer exist, and is not needed for an absolute path.
  return path.isAbsolute(folder) ? folder : path.resolve(context.cwd, folder)
}

function folder(env: NodeJS.ProcessEnv, variable: string, below: readonly string[], kind: 'data' | 'cache'): string {
  const isXdg = process.platform !== 'win32' && process.platform !== 'darwin'
  if (!isXdg) return envPaths('tyrax', { suffix: '' })[kind]
  const given = env[variable]
  // The XDG specification says to ignore relative paths.
  if (given !== undefined && path.isAbsolute(given)) return path.join(given, 'tyrax')
  if (env['HOME']) return path.join(env['HOME'], ...below, 'tyrax')
  return envPaths('tyrax', { suffix: '' })[kind]
}
