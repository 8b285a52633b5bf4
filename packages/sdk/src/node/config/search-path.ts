import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a configuration is looked for: what surrounds the process, so that nothing below reads it by itself. */
export interface ConfigContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  /** As `process.platform`. */
  readonly platform: string
}

/** This process's own surroundings. */
export function processContext(): ConfigContext {
  return { env: process.env, cwd: process.cwd(), home: homedir(), platform: process.platform }
}

/** The files of one kind in the order they are tried; the first that exists counts. */
export type FileKind = 'clouds' | 'secure' | 'clouds-public'

/** The variable that names a file of this kind. */
export const overrides: Readonly<Record<FileKind, string | undefined>> = {
  clouds: 'OS_CLIENT_CONFIG_FILE',
  secure: 'OS_CLIENT_SECURE_FILE',
  'clouds-public': undefined,
}

/**
 * openstacksdk's order (openstack/config/loader.py `CONFIG_SEARCH_PATH`): the file that the environment names, then in the
 * current folder, the user's and the site's configuration folders, each with `.yaml`, `.yml`, `.json`.
 */
export function candidates(kind: FileKind, context: ConfigContext): string[] {
  const named = namedFile(kind, context)
  const found = searchFolders(context).flatMap((folder) =>
    ['.yaml', '.yml', '.json'].map((suffix) => join(folder, kind + suffix)),
  )
  return [...new Set(named ? [named, ...found] : found)]
}

/** The file that the environment names; undefined where it names none, or cannot. */
export function namedFile(kind: FileKind, { env }: ConfigContext): string | undefined {
  const override = overrides[kind]
  return override === undefined ? undefined : env[override] || undefined
}

/** As platformdirs gives them (`user_config_dir`, `site_config_dir` of the application `openstack`). */
function searchFolders({ env, cwd, home, platform }: ConfigContext): string[] {
  const unixHome = join(env['SNAP_REAL_HOME'] ?? home, '.config', 'openstack')
  const site = '/etc/openstack'
  if (platform === 'darwin') {
    const library = ['Library', 'Application Support', 'openstack']
    return [cwd, join(home, ...library), unixHome, join('/', ...library), site]
  }
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local')
    const common = env['PROGRAMDATA'] ?? 'C:\\ProgramData'
    return [cwd, join(local, 'OpenStack', 'openstack'), unixHome, join(common, 'OpenStack', 'openstack'), site]
  }
  const xdgHome = env['XDG_CONFIG_HOME']?.trim() || join(home, '.config')
  const xdgSite = env['XDG_CONFIG_DIRS']?.trim() || '/etc/xdg'
  return [
    cwd,
    join(xdgHome, 'openstack'),
    unixHome,
    ...xdgSite.split(':').map((folder) => join(folder, 'openstack')),
    site,
  ]
}
