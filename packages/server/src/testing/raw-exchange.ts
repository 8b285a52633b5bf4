import net from 'node:net'

export interface RawResponse {
  readonly status: number
  /** Status line and headers as received, one character per byte. */
  readonly lines: readonly string[]
  readonly body: Buffer
}

/** Sends one request as raw bytes over a new socket, for paths and headers that no HTTP client would send. */
export async function rawExchange(
  url: string,
  method: string,
  target: string,
  headers: readonly (string | Uint8Array)[] = [],
  body = '',
): Promise<RawResponse> {
  const { hostname, port, host } = new URL(url)
  const head = [`${method} ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers]
  const length =
    body === '' && method !== 'PUT' && method !== 'POST' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const line = (text: string | Uint8Array) => Buffer.concat([Buffer.from(text), Buffer.from('\r\n')])
  const socket = net.connect(Number(port), hostname)
  socket.write(Buffer.concat([...head, ...length].map(line)))
  socket.write(`\r\n${body}`)
  const chunks: Buffer[] = []
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const end = bytes.indexOf('\r\n\r\n')
  const lines = bytes.subarray(0, end).toString('latin1').split('\r\n')
  return { status: Number(lines[0]?.split(' ')[1]), lines, body: bytes.subarray(end + 4) }
}
