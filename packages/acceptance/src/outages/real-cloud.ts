import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Cloud, connect } from '@tyrax/sdk'
import type { FaultPlan } from '@tyrax/server'
import { type FaultServer, startFaultServer, type OpenStackInfo } from '@tyrax/testkit'

/** A login to a real cloud, through a fault server in front of its image service. */
export interface RealCloud extends AsyncDisposable {
  readonly cloud: Cloud
  readonly faults: FaultServer
  /** A folder of the test's own. */
  readonly folder: string
}

/** Logs in as the demo user. */
export async function throughFaults(openstack: OpenStackInfo, plan: FaultPlan = []): Promise<RealCloud> {
  const { username, password, projectName } = openstack.clouds.demo
  const faults = await startFaultServer({ upstream: new URL(openstack.imageUrl).origin, plan })
  const cloud = await connect({
    auth: { authUrl: openstack.authUrl, username, password, projectName },
    imageEndpointOverride: `${faults.url}/v2`,
  })
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-transfers-'))
  const dispose = async () => {
    await cloud.close()
    await faults.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { cloud, faults, folder, [Symbol.asyncDispose]: dispose }
}

/** The requests for the data of images, and their responses: `GET 2000-2999: 206`, `PUT whole: no answer`. */
export function dataExchanges(faults: FaultServer): readonly string[] {
  return faults.requests
    .filter((each) => each.path.endsWith('/file'))
    .map((each) => {
      const range = each.headers['range']?.replace('bytes=', '') ?? 'whole'
      return `${each.method} ${range}: ${each.status ?? 'no answer'}`
    })
}
