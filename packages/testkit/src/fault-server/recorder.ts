import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { tapRequest } from '@tyrax/server'

/**
 * One request as it arrived, and the status of its response. `bodyBytes` and `sha256` grow until the body ends, or the
 * connection does.
 */
export interface SeenRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  /** Lower-case names; secrets replaced by their length. */
  readonly headers: Readonly<Record<string, string>>
  readonly bodyBytes: number
  /** Undefined before there is a response, and permanently when the connection ended without one. */
  readonly status: number | undefined
  /** Of the body received so far, lower-case hex. */
  readonly sha256: () => string
  /** The body's text, unless it is long. */
  readonly text: () => string
}

const secret = new Set(['x-auth-token', 'x-subject-token', 'x-storage-token', 'authorization', 'cookie'])
const textLimitBytes = 64 * 1024

/** Records every request in `seen` before passing it to `next`. */
export function recording(seen: SeenRequest[], next: RequestListener): RequestListener {
  return (incoming, outgoing) => {
    const hash = createHash('sha256')
    const parts: Buffer[] = []
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: redacted(incoming.headers),
      bodyBytes: 0,
      get status() {
        return outgoing.headersSent ? outgoing.statusCode : undefined
      },
      sha256: () => hash.copy().digest('hex'),
      text: () => Buffer.concat(parts).toString(),
    }
    tapRequest(incoming, (chunk) => {
      hash.update(chunk)
      if (request.bodyBytes < textLimitBytes) parts.push(chunk)
      request.bodyBytes += chunk.length
    })
    seen.push(request)
    next(incoming, outgoing)
  }
}

function redacted(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => {
    const text = String(value)
    return [name, secret.has(name) ? `<${text.length} characters>` : text] as const
  })
  return Object.fromEntries(entries)
}
