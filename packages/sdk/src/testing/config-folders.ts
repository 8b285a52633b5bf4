import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ConfigContext } from '../node/config/search-path.js'

/** A test's own home, current folder and environment. */
export interface ConfigFolders extends AsyncDisposable {
  readonly root: string
  readonly context: (env?: Record<string, string>) => ConfigContext
}

/** Writes `files`: names within `home/`, `cwd/` or `xdg/`. The system's own folders cannot be reached. */
export async function configFolders(files: Readonly<Record<string, string | Uint8Array>>): Promise<ConfigFolders> {
  const root = await mkdtemp(join(tmpdir(), 'tyrax-config-'))
  for (const folder of ['home', 'cwd', 'xdg']) await mkdir(join(root, folder))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
  return {
    root,
    context: (env = {}) => ({
      env: { XDG_CONFIG_HOME: join(root, 'xdg'), XDG_CONFIG_DIRS: join(root, 'site'), ...env },
      cwd: join(root, 'cwd'),
      home: join(root, 'home'),
      platform: 'linux',
    }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  }
}
