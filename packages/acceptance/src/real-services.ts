import { access } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { type OpenStackInfo, readInfo, startOpenStack } from '@tyrax/testkit'

declare module 'vitest' {
  interface ProvidedContext {
    /** The real cloud that the live suites share: `inject('openstack')`. */
    readonly openstack: OpenStackInfo
  }
}

/**
 * Starts the real services once for all live suites and stops them after the last. `TYRAX_OPENSTACK` names the "info"
 * file of services that already run (`openstack/run.js` prints it), for short rounds during development.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env['TYRAX_OPENSTACK']
  if (running) {
    const info = await readInfo(running)
    await access(info.cloudsYaml)
    project.provide('openstack', info)
    return undefined
  }
  const cloud = await startOpenStack({ say: (line) => process.stderr.write(`${line}\n`) })
  const { cloudsYaml, authUrl, imageUrl, clouds, logs, bin } = cloud
  project.provide('openstack', { cloudsYaml, authUrl, imageUrl, clouds, logs, bin })
  return () => cloud.close()
}
