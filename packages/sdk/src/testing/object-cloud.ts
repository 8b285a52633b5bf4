import { createHash } from 'node:crypto'
import { type FaultPlan, startCloud } from '@tyrax/server'
import { randomDisk, type SeenRequest, startFaultServer } from '@tyrax/testkit'
import type { Cloud } from '../cloud/cloud.js'
import type { CloudOptions } from '../config/connect-options.js'
import { connect } from '../node/index.js'

/** An embedded cloud with a container, whose object storage is reached through faults or past them. */
export interface ObjectCloud extends AsyncDisposable {
  /** Through the faults. */
  readonly cloud: Cloud
  /** The requests that the object storage received. */
  readonly requests: readonly SeenRequest[]
  readonly container: string
  /** Of the object storage, past the faults; with `/v1/AUTH_…`. */
  readonly url: string
  readonly auth: { authUrl: string; username: string; password: string; projectName: string }
  /** The names of a container's objects; undefined when the container does not exist. */
  names(container: string): Promise<readonly string[] | undefined>
  /** The objects of every container of segments. */
  segmentNames(): Promise<readonly string[]>
  /** The bytes of an object, as they are now. */
  read(name: string): Promise<Buffer>
}

/** @param faults for requests to the object storage; their paths begin with `/v1/AUTH_…` */
export async function objectCloud(faults?: FaultPlan, options: CloudOptions = {}): Promise<ObjectCloud> {
  const server = await startCloud({ port: 0 })
  const upstream = server.objectStoreUrl.replace(/\/v1$/, '')
  const proxy = await startFaultServer({ upstream, plan: faults })
  const auth = { authUrl: server.authUrl, username: 'demo', password: 'secret', projectName: 'demo' }
  const direct = await connect({ auth })
  const objectStoreEndpointOverride = `${proxy.url}/v1/AUTH_%(project_id)s`
  const cloud = await connect({ auth, objectStoreEndpointOverride, retry: { delayMs: 1 }, ...options })
  const container = 'imgs é'
  await direct.objects.createContainer(container)
  const names = async (of: string) => {
    try {
      const listed = await direct.objects.list(of).toArray()
      return listed.flatMap((entry) => ('name' in entry ? [entry.name] : []))
    } catch (error) {
      if ((error as Error).name === 'NotFoundError') return undefined
      throw error
    }
  }
  return {
    cloud,
    requests: proxy.requests,
    container,
    url: `${server.objectStoreUrl}/AUTH_${direct.projectId}`,
    auth,
    names,
    segmentNames: async () => (await names(`${container}_segments`)) ?? [],
    read: async (name) => drained((await direct.objects.get(container, name)).stream()),
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await direct.close()
      await proxy.close()
      await server.close()
    },
  }
}

export const md5 = (data: Uint8Array | string): string => createHash('md5').update(data).digest('hex')

export const someBytes = (size: number): Buffer<ArrayBuffer> => randomDisk(size)

/** Pieces of this size; the last one may be smaller. */
export function pieces(data: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(data.byteLength / size) }, (_, index) =>
    data.subarray(index * size, (index + 1) * size),
  )
}

/** Yields `data` in chunks that match no boundary. */
export async function* trickle(data: Buffer, chunkBytes = 7919): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.byteLength; at += chunkBytes) yield data.subarray(at, at + chunkBytes)
}

export async function drained(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
