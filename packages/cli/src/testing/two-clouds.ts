import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type CloudConfigInput, type FaultPlan, startCloud } from '@tyrax/server'
import type { RunOptions } from './command-line.js'
import { makeHome } from './home.js'
import { run } from './in-process.js'

/**
 * Two clouds, `here` and `there`, in one clouds.yaml, and command lines whose current cloud is `here`. Logins as `locked`
 * (there) and `shut` (here) are wrong.
 * @param config of `here`
 * @param faults of `there`
 */
export async function twoClouds(config: CloudConfigInput = {}, faults: FaultPlan = []) {
  const here = await startCloud({ port: 0, config })
  const there = await startCloud({ port: 0, faults })
  const home = await makeHome()
  const entry = (authUrl: string, user: string, password = 'secret') => ({
    auth: {
      auth_url: authUrl,
      username: user,
      password,
      project_name: user,
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
  })
  const clouds = {
    here: entry(here.authUrl, 'demo'),
    'here-admin': entry(here.authUrl, 'admin'),
    there: entry(there.authUrl, 'demo'),
    locked: entry(there.authUrl, 'demo', 'wrong'),
    shut: entry(here.authUrl, 'demo', 'wrong'),
  }
  await writeFile(path.join(home, 'clouds.yaml'), JSON.stringify({ clouds }), { mode: 0o600 })
  const env = { OS_CLIENT_CONFIG_FILE: path.join(home, 'clouds.yaml'), OS_CLOUD: 'here' }
  const tyrax = (argv: readonly string[], options: RunOptions = {}) => run(home, argv, { env, ...options })
  return {
    home,
    env,
    tyrax,
    /** What a command prints as JSON. @throws Error with its stderr when it fails */
    async json(...argv: string[]): Promise<unknown> {
      const { exitCode, stdout, stderr } = await tyrax([...argv, '-f', 'json'])
      if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr}`)
      return JSON.parse(stdout) as unknown
    },
    async [Symbol.asyncDispose]() {
      await here.close()
      await there.close()
    },
  }
}
