import { request, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A request exactly as it is sent: no header is added except Host, Connection and the body's framing. */
export interface WireRequest {
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is; an iterable is sent chunked unless Content-Length is among the headers. */
  readonly body?: string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | undefined
}

/** A response, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Buffer
  readonly text: string
  /** @throws SyntaxError when the body is not JSON */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a test declares what it expects to read
  json<T = Record<string, unknown>>(): T
}

/** One HTTP exchange on its own connection, without following redirects or throwing errors. */
export async function exchange(method: string, url: string, given: WireRequest = {}): Promise<Answer> {
  const body = given.json === undefined ? given.body : JSON.stringify(given.json)
  const headers: Record<string, string> = { ...given.headers }
  if (given.json !== undefined) headers['content-type'] ??= 'application/json'
  if (typeof body === 'string' || body instanceof Uint8Array)
    headers['content-length'] ??= String(Buffer.byteLength(body))
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (incoming) => {
      read(incoming).then(resolve, reject)
    })
    // A response that arrives early makes the rest of the body undeliverable: the response counts.
    outgoing.on('error', reject)
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body)
    else pipeline(Readable.from(body), outgoing).catch(() => undefined)
  })
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const bytes = Buffer.concat((await incoming.toArray()) as Buffer[])
  const text = bytes.toString()
  const named = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const)
  return {
    status: incoming.statusCode ?? 0,
    headers: Object.fromEntries(named),
    bytes,
    text,
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
    json: <T>() => JSON.parse(text) as T,
  }
}
