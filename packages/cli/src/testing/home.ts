import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { stopHolder } from '../cloud/background/holder.js'

const homes: string[] = []
afterAll(async () => {
  await Promise.all(
    homes.splice(0).map(async (home) => {
      // A test may have left anything in its place; a process whose folder is gone ends by itself.
      await stopHolder(cloudFolder(home)).catch(() => undefined)
      await rm(home, { recursive: true, force: true, maxRetries: 5 })
    }),
  )
})

/**
 * A new home, removed after the file's tests, and with it the embedded cloud that its commands have started: commands
 * see none of this machine's configuration.
 */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(path.join(tmpdir(), 'tyrax-cli-test-'))
  homes.push(home)
  return home
}

/** Where the commands of a home have their embedded cloud. */
export const cloudFolder = (home: string): string => path.join(home, '.local', 'share', 'tyrax', 'cloud')

/** The variables that make `home` the only home folder. */
export function homeEnv(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
  }
}
