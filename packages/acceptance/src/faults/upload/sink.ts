import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An image service that counts the bytes that it receives and stores none. */
export interface Sink extends AsyncDisposable {
  readonly url: string
  /** The ids of its records. */
  images(): readonly string[]
  /** Of the last upload that was completed. */
  readonly received: { bytes: number; contentLength: string | undefined; declaredSize: string | undefined }
}

/** @param options.miscount added to the size that it reports to have stored */
export async function startSink({ miscount = 0 } = {}): Promise<Sink> {
  const received: Sink['received'] = { bytes: 0, contentLength: undefined, declaredSize: undefined }
  const records = new Map<string, Record<string, unknown>>()
  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    const [, id = ''] = /\/images\/([^/]+)/.exec(request.url ?? '') ?? []
    if (request.method === 'POST') void create(request, response, records)
    else if (request.method === 'PUT')
      swallow(request, response, (bytes) => {
        records.set(id, { ...records.get(id), status: 'active', size: bytes + miscount })
      })
    else if (request.method === 'DELETE') {
      records.delete(id)
      response.writeHead(204).end()
    } else sendJson(response, records.has(id) ? 200 : 404, records.get(id) ?? {})
  })
  const swallow = (request: IncomingMessage, response: ServerResponse, done: (bytes: number) => void) => {
    let bytes = 0
    received.contentLength = request.headers['content-length']
    received.declaredSize = String(request.headers['x-openstack-image-size'])
    request.on('data', (chunk: Buffer) => (bytes += chunk.byteLength))
    request.on('end', () => {
      received.bytes = bytes
      done(bytes)
      response.writeHead(204).end()
    })
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v2`,
    received,
    images: () => [...records.keys()],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

async function create(
  request: IncomingMessage,
  response: ServerResponse,
  records: Map<string, Record<string, unknown>>,
) {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const fields = JSON.parse(Buffer.concat(parts).toString()) as { id: string }
  const time = '2026-01-01T00:00:00Z'
  const record = { ...fields, status: 'queued', size: null, tags: [], created_at: time, updated_at: time }
  records.set(fields.id, record)
  sendJson(response, 201, record)
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
