import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { cacheFolder } from './cache-folder.js'
import { writeCloudsYaml } from './clouds-yaml.js'
import { installDebianPackages } from './debian-packages.js'
import { prepareGlance, startGlance } from './glance.js'
import { prepareKeystone, startKeystone } from './keystone.js'
import { LaunchError } from './launch-error.js'
import { startMemcached } from './memcached.js'
import type { OpenStackInfo } from './openstack-info.js'
import { makePlan, type Plan } from './plan.js'
import { makeEnvironment } from './python-environment.js'
import { makeRunFolder, sweepRunFolders } from './run-folder.js'
import { seed } from './seed.js'
import type { ServiceProcess } from './service-process.js'
import { prepareSwift, startSwift } from './swift.js'

export interface OpenStackOptions {
  /** How long tokens live, in seconds. @default 3600 */
  readonly tokenLifeSeconds?: number
  /** Where the Python environment and the state of the run are kept. @default `cacheFolder()` */
  readonly cacheDir?: string
  /** Keeps the folder of the run, logs included. @default false */
  readonly keepLogs?: boolean
  /** Called with messages about steps that take long. @default nothing */
  readonly say?: (line: string) => void
}

/** A running Keystone, Glance and Swift of our own, on loopback. */
export interface OpenStack extends OpenStackInfo {
  /** Path of a file with everything above, for other processes. */
  readonly info: string
  stopGlance(): Promise<void>
  /** Ends it with SIGKILL, the whole process group, whatever it is doing. */
  killGlance(): Promise<void>
  /** On the same port as before. */
  startGlance(): Promise<void>
  /** Ends every process that was started, and no others. May be called twice. */
  close(): Promise<void>
}

/**
 * Installs (once), configures, starts and seeds a real Keystone, Glance and Swift.
 * @throws LaunchError that says what is missing or which service failed, with the end of its log; no process keeps
 * running.
 */
export async function startOpenStack(options: OpenStackOptions = {}): Promise<OpenStack> {
  const { tokenLifeSeconds = 3600, cacheDir = cacheFolder(), keepLogs = false, say = () => {} } = options
  if (process.platform !== 'linux')
    throw new LaunchError('The real services are started on Linux only: their processes are told apart by /proc.')
  await installDebianPackages()
  await sweepRunFolders(cacheDir)
  const environment = await makeEnvironment(cacheDir, say)
  const run = await makeRunFolder(cacheDir)
  const close = async () => {
    await Promise.all([...run.services].map((service) => service.stop()))
    if (!keepLogs) await run.remove()
  }
  try {
    const plan = await makePlan(environment, run, tokenLifeSeconds)
    say('starting Keystone, Glance and Swift')
    let glance = await startEverything(plan)
    const clouds = await seed(plan)
    const cloudsYaml = path.join(run.path, 'clouds.yaml')
    await writeCloudsYaml(cloudsYaml, plan.authUrl, plan.region, Object.values(clouds))

    const stop = async () => {
      if (run.services.has(glance)) await glance.stop()
    }
    const kill = async () => {
      if (run.services.has(glance)) await glance.kill()
    }
    const start = async () => {
      if (!run.services.has(glance)) glance = await startGlance(plan)
    }
    const known: OpenStackInfo = {
      cloudsYaml,
      authUrl: plan.authUrl,
      imageUrl: plan.imageUrl,
      clouds,
      logs: run.logs,
      bin: environment.bin(''),
    }
    const info = path.join(run.path, 'openstack.json')
    await writeFile(info, JSON.stringify(known), { mode: 0o600 })
    return {
      ...known,
      info,
      stopGlance: stop,
      killGlance: kill,
      startGlance: start,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Resolves to Glance. Waits for every service even when one has failed, so that all of them can be ended. */
async function startEverything(plan: Plan): Promise<ServiceProcess> {
  const steps = await Promise.allSettled([
    prepareGlance(plan).then(() => startGlance(plan)),
    prepareKeystone(plan).then(() => startKeystone(plan)),
    startMemcached(plan),
    prepareSwift(plan).then(() => startSwift(plan)),
  ])
  for (const step of steps) if (step.status === 'rejected') throw step.reason
  const [glance] = steps
  return (glance as PromiseFulfilledResult<ServiceProcess>).value
}
