import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type CloudConfigInput, startCloud } from '@tyrax/server'
import { afterAll } from 'vitest'
import type { RunOptions } from './command-line.js'
import { makeHome } from './home.js'
import { run } from './in-process.js'

/**
 * A cloud that ends after the file's tests, and command lines against it as its user `demo`, in a home whose clouds.yaml
 * has its users. For the top level of a file.
 */
export async function oneCloud(config: CloudConfigInput = {}) {
  const cloud = await startCloud({ port: 0, config })
  afterAll(() => cloud.close())
  const home = await makeHome()
  const env = { OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'), OS_CLOUD: 'demo' }
  await writeFile(env.OS_CLIENT_CONFIG_FILE, cloud.cloudsYaml, { mode: 0o600 })
  const tyrax = (argv: readonly string[], options: RunOptions = {}) =>
    run(home, argv, { ...options, env: { ...env, ...options.env } })
  return { cloud, home, env, tyrax }
}
