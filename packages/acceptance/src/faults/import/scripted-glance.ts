import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, type Cloud, type ConnectOptions } from '@tyrax/sdk'

export const imageId = '0d3a8f0e-5f2f-4a2e-9c3b-1f1d2a3b4c5d'

/** An image as the wire has it. */
export const wireImage = (fields: Record<string, unknown> = {}) => ({
  id: imageId,
  name: 'scripted',
  status: 'queued',
  visibility: 'private',
  protected: false,
  os_hidden: false,
  checksum: null,
  os_hash_algo: null,
  os_hash_value: null,
  owner: 'p',
  size: null,
  virtual_size: null,
  container_format: 'bare',
  disk_format: 'raw',
  min_disk: 0,
  min_ram: 0,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  tags: [],
  self: `/v2/images/${imageId}`,
  file: `/v2/images/${imageId}/file`,
  schema: '/v2/schemas/image',
  ...fields,
})

/** A task as the wire has it. */
export const wireTask = (fields: Record<string, unknown> = {}) => ({
  id: 'task-1',
  type: 'api_image_import',
  status: 'processing',
  owner: 'p',
  created_at: '2026-01-01T00:00:01.000000',
  updated_at: '2026-01-01T00:00:01.000000',
  expires_at: null,
  image_id: imageId,
  message: '',
  input: null,
  result: null,
  request_id: null,
  user_id: null,
  ...fields,
})

type Scripted = number | Record<string, unknown>

/** An image service that follows a script, and a client of it. */
export interface ScriptedGlance extends AsyncDisposable {
  readonly cloud: Cloud
  /** `GET /images/…`, in the order of arrival. */
  readonly requests: readonly string[]
  /** The greatest number of requests at once. */
  readonly most: number
  /** Refuses connections from now on. */
  stop(): Promise<void>
  /** Listens again, at the same port. */
  restart(): Promise<void>
}

/**
 * Starts one. Each route (`GET /images/{id}`) has its responses: a body of 200, or a status without one; the last one is
 * repeated.
 */
export async function scriptedGlance(
  script: Readonly<Record<string, readonly Scripted[] | ((path: string) => Scripted)>>,
  options: ConnectOptions = {},
): Promise<ScriptedGlance> {
  const requests: string[] = []
  const counts = new Map<string, number>()
  let running = 0
  let most = 0
  const respond = (route: string): Scripted => {
    const [method = '', path = ''] = route.split(' ')
    const key = Object.keys(script).find((each) => each === route || each === `${method} *`)
    const given = key === undefined ? undefined : script[key]
    if (given === undefined) return 404
    if (typeof given === 'function') return given(path)
    const count = counts.get(route) ?? 0
    counts.set(route, count + 1)
    return given[Math.min(count, given.length - 1)] ?? 404
  }
  let server: Server
  const start = async (port: number) => {
    server = createServer((request, response) => {
      running += 1
      most = Math.max(most, running)
      request.resume()
      request.on('end', () => {
        setImmediate(() => {
          running -= 1
          const route = `${request.method} ${(request.url ?? '').replace(/^\/v2/, '')}`
          requests.push(route)
          const next = respond(route)
          if (typeof next === 'number') response.writeHead(next).end()
          else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(next))
        })
      })
    })
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const port = await start(0)
  const cloud = await connect({
    authType: 'none',
    auth: { endpoint: `http://127.0.0.1:${port}` },
    retry: { retries: 0, delayMs: 1 },
    ...options,
  })
  return {
    cloud,
    requests,
    get most() {
      return most
    },
    stop,
    async restart() {
      await start(port)
    },
    async [Symbol.asyncDispose]() {
      await cloud.close()
      await stop()
    },
  }
}
