import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where a configuration is looked for. Passed in, so that the code below does not read the process's state itself. */
export interface ConfigContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  /** Same values as `process.platform`. */
  readonly platform: string
}

/** The state of this process. */
export function processContext(): ConfigContext {
  return { env: process.env, cwd: process.cwd(), home: homedir(), platform: process.platform }
}

/** The kinds of configuration files. The first file of a kind that exists is used. */
export type FileKind = 'clouds' | 'secure' | 'clouds-public'

/** The environment variable that names a file of this kind. */
export const overrides: Readonly<Record<FileKind, string | undefined>> = {
  clouds: 'OS_CLIENT_CONFIG_FILE',
  secure: 'OS_CLIENT_SECURE_FILE',
  'clouds-public': undefined,
}

/**
 * In openstacksdk's order (openstack/config/loader.py `CONFIG_SEARCH_PATH`): the file that the environment names, then
 * the current folder and the configuration folders of the user and the site, each with `.yaml`, `.yml`, `.json`.
 */
export function candidates(kind: FileKind, context: ConfigContext): string[] {
  const named = namedFile(kind, context)
  const found = searchFolders(context).flatMap((folder) =>
    ['.yaml', '.yml', '.json'].map((suffix) => join(folder, kind + suffix)),
  )
  return [...new Set(named ? [named, ...found] : found)]
}

/** The file that the environment names; undefined when it names none, or there is no variable for this kind. */
export function namedFile(kind: FileKind, { env }: ConfigContext): string | undefined {
  const override = overrides[kind]
  return override === undefined ? undefined : env[override] || undefined
}

/** As platformdirs returns them (`user_config_dir`, `site_config_dir` of the application `openstack`). */
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
