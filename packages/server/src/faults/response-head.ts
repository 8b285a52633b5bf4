import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Status and headers of a response, names in lower case. */
export interface Head {
  status: number
  headers: Record<string, string | string[]>
}

type WriteHead = (status: number, headers: OutgoingHttpHeaders) => ServerResponse

/**
 * Passes the head to `onHead` instead of sending it, together with a function that sends the head `onHead` decides on.
 */
export function interceptHead(
  outgoing: ServerResponse,
  onHead: (head: Head, send: (head: Head) => void) => void,
): void {
  const writeHead = outgoing.writeHead.bind(outgoing) as WriteHead
  const send = (head: Head) => {
    for (const name of outgoing.getHeaderNames()) outgoing.removeHeader(name)
    writeHead(head.status, head.headers)
  }
  outgoing.writeHead = (status: number, ...rest: unknown[]) => {
    const headers = { ...named(outgoing.getHeaders()), ...named(rest.find((each) => typeof each === 'object')) }
    onHead({ status, headers }, send)
    return outgoing
  }
}

/** `writeHead` takes an object, pairs, or a flat list of names and values. */
function named(given: unknown): Head['headers'] {
  if (given === undefined || given === null) return {}
  const entries: [string, unknown][] = Array.isArray(given)
    ? Array.isArray(given[0])
      ? (given as [string, unknown][])
      : pairs(given as unknown[])
    : Object.entries(given)
  const headers: Head['headers'] = {}
  for (const [name, value] of entries) {
    if (value === undefined) continue
    headers[name.toLowerCase()] = Array.isArray(value) ? value.map(String) : `${value as string | number}`
  }
  return headers
}

function pairs(flat: unknown[]): [string, unknown][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [String(flat[index * 2]), flat[index * 2 + 1]])
}
