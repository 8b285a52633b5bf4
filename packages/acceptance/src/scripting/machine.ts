import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, type Cloud } from '@tyrax/sdk'
import { type FaultPlan, startCloud } from '@tyrax/server'
import { startFaultServer } from '@tyrax/testkit'
import { putOnPath } from '../command/tyrax.js'

/** What a script printed, and its exit code. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A machine on which scripts run `tyrax`: a folder, a cloud of its own, and one that is broken as planned. */
export interface Machine extends AsyncDisposable {
  readonly folder: string
  readonly cloud: Cloud
  /** Runs a script with `sh`, which ends at the first command that fails, as after `set -e`. */
  sh(script: string): Promise<Ran>
}

export async function startMachine(plan: FaultPlan): Promise<Machine> {
  const embedded = await startCloud({ port: 0, config: { image: { quotas: { imageSizeCapBytes: 1_000_000 } } } })
  const broken = await startFaultServer({ upstream: embedded.imageUrl, plan })
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-scripts-'))
  const auth = { authUrl: embedded.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  const cloud = await connect({ auth })
  const entry = { auth: { auth_url: auth.authUrl, username: 'demo', password: 'secret', project_name: 'demo' } }
  const { password: _, ...open } = entry.auth
  const clouds = {
    clouds: {
      demo: entry,
      broken: { ...entry, image_endpoint_override: `${broken.url}/v2` },
      // Its password comes from the environment.
      open: { auth: open },
    },
  }
  await writeFile(path.join(folder, 'clouds.yaml'), JSON.stringify(clouds), { mode: 0o600 })
  const PATH = await putOnPath(folder)
  return {
    folder,
    cloud,
    async sh(script) {
      const env = { PATH, HOME: folder, OS_CLOUD: 'demo', LANG: 'C.UTF-8' }
      const child = spawn('sh', ['-euc', script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
      const text = { stdout: '', stderr: '' }
      child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()))
      child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()))
      const [code] = (await once(child, 'close')) as [number | null]
      return { code, ...text }
    },
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await broken.close()
      await embedded.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
