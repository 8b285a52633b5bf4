import { defaultTimeouts, type TransportRequest } from '../transport/transport.js'

/** A request with the defaults filled in. */
export function transportRequest(url: string, rest: Partial<Omit<TransportRequest, 'url'>> = {}): TransportRequest {
  return { method: 'GET', headers: {}, ...rest, url: new URL(url), timeouts: { ...defaultTimeouts, ...rest.timeouts } }
}

/** `count` chunks of `size` bytes. */
export async function* chunks(count: number, size: number): AsyncGenerator<Uint8Array, void> {
  for (let index = 0; index < count; index += 1) yield new Uint8Array(size).fill(index % 256)
}

export async function textOfBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}
