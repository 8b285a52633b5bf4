import type { ServerResponse } from 'node:http'

/** Refuses a request before it reaches a service. @param services the available paths, if they help the client */
export function refuseEarly(
  outgoing: ServerResponse,
  status: number,
  message: string,
  services?: readonly string[],
): void {
  const text = JSON.stringify({ message, services })
  outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) })
  outgoing.end(text)
}
