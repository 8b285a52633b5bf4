import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect, type Cloud, type ConnectOptions } from '@tyrax/sdk'
import { startCloud, type CloudConfigInput, type FaultPlan } from '@tyrax/server'
import { type FaultServer, randomDisk, startFaultServer } from '@tyrax/testkit'

export interface FaultyPlans {
  /** For requests to the image service; their paths begin with `/v2`. */
  readonly image?: FaultPlan | undefined
  /** For requests to the identity service; their paths begin with `/v3`. */
  readonly identity?: FaultPlan | undefined
  /** For requests to the object storage; their paths begin with `/v1/AUTH_`. */
  readonly objectStore?: FaultPlan | undefined
}

/** An embedded cloud behind fault servers, and two clients: through them and past them. */
export interface FaultyCloud extends AsyncDisposable {
  /** Through the faults. */
  readonly cloud: Cloud
  /** Past them: the actual state. */
  readonly direct: Cloud
  readonly image: FaultServer
  readonly identity: FaultServer
  readonly objectStore: FaultServer
  /** A folder of the test's own. */
  readonly folder: string
  /** A second client through the same faults. */
  another(options?: ConnectOptions): Promise<Cloud>
}

/** Makes a cloud with one user whose services fail as planned. */
export async function faultyCloud(
  plans: FaultyPlans,
  options: ConnectOptions = {},
  config: CloudConfigInput = {},
): Promise<FaultyCloud> {
  const embedded = await startCloud({ port: 0, config })
  const authUrl = embedded.authUrl.replace(/\/v3\/?$/, '')
  const auth = { username: 'demo', password: 'secret', projectName: 'demo' }
  const direct = await connect({ auth: { ...auth, authUrl } })
  const { imageUrl, objectStoreUrl } = embedded
  const image = await startFaultServer({ upstream: imageUrl, plan: plans.image })
  const identity = await startFaultServer({ upstream: authUrl, plan: plans.identity })
  const upstream = objectStoreUrl.replace(/\/v1$/, '')
  const objectStore = await startFaultServer({ upstream, plan: plans.objectStore })
  const folder = await mkdtemp(path.join(tmpdir(), 'tyrax-faults-'))
  const clouds = [direct]
  const another = async (more: ConnectOptions = {}) => {
    const cloud = await connect({
      auth: { ...auth, authUrl: identity.url },
      imageEndpointOverride: `${image.url}/v2`,
      objectStoreEndpointOverride: `${objectStore.url}/v1/AUTH_%(project_id)s`,
      retry: { delayMs: 1 },
      ...options,
      ...more,
    })
    clouds.push(cloud)
    return cloud
  }
  const dispose = async () => {
    for (const each of clouds) await each.close()
    await image.close()
    await identity.close()
    await objectStore.close()
    await embedded.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const cloud = await another()
    return { cloud, direct, image, identity, objectStore, folder, another, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** Random bytes and their SHA-512. */
export function someData(bytes: number): { data: Buffer<ArrayBuffer>; sha512: string } {
  const data = randomDisk(bytes)
  // Otherwise these two bytes are the mark of a partition table in one of 65,536 runs.
  data.subarray(510, 512).fill(0)
  return { data, sha512: createHash('sha512').update(data).digest('hex') }
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}
