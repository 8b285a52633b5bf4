import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'

const homes: string[] = []
afterAll(() => Promise.all(homes.splice(0).map((home) => rm(home, { recursive: true, force: true }))))

/** A new home, removed after the file's tests: commands see none of this machine's configuration. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'tyrax-cli-test-'))
  homes.push(home)
  return home
}

/** The variables that make `home` the only home folder. */
export function homeEnv(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
  }
}
