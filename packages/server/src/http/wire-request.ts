import type { IncomingMessage } from 'node:http'
import type { HttpContext } from '../context.js'

/**
 * What Hono and the services read from a request: the subset of a web Request that needs no copy of what Node has
 * parsed. Bodies are read from `c.env.incoming`.
 */
export class WireRequest {
  readonly method: string
  readonly url: string
  readonly headers: RequestHeaders

  /**
   * @param target the request target as it was sent. `new URL()` would resolve `c/../d` and `c/%2e%2e/d` to `d`; no
   * WSGI server does, so in a real cloud dots belong to a name.
   */
  constructor({ method = 'GET', rawHeaders }: IncomingMessage, target: string) {
    this.method = method
    this.url = `http://localhost${target.includes('#') ? target.replaceAll('#', '%23') : target}`
    this.headers = new WireHeaders(rawHeaders)
  }
}

/** Path and query as sent, below the service's prefix. */
export function targetOf(c: HttpContext): string {
  const { url } = c.req
  return url.slice(url.indexOf('/', url.indexOf('//') + 2))
}

/** The reading methods of web Headers. */
export type RequestHeaders = Pick<Headers, 'get' | 'has'> & Iterable<[string, string]>

/** The headers of a request; values of a repeated name are joined as in web Headers. */
class WireHeaders implements RequestHeaders {
  readonly #pairs: readonly string[]

  /** @param pairs alternating names and values, as in `rawHeaders` */
  constructor(pairs: readonly string[]) {
    this.#pairs = pairs
  }

  get(name: string): string | null {
    const wanted = name.toLowerCase()
    let found: string | null = null
    for (let at = 0; at < this.#pairs.length; at += 2) {
      const each = this.#pairs[at] ?? ''
      if (each.length !== wanted.length || each.toLowerCase() !== wanted) continue
      const value = this.#pairs[at + 1] ?? ''
      found = found === null ? value : `${found}, ${value}`
    }
    return found
  }

  has(name: string): boolean {
    return this.get(name) !== null
  }

  /** Iterates over the names in lower case, each once, sorted. */
  *[Symbol.iterator](): Iterator<[string, string]> {
    const names = new Set<string>()
    for (let at = 0; at < this.#pairs.length; at += 2) names.add((this.#pairs[at] ?? '').toLowerCase())
    for (const name of [...names].sort()) yield [name, this.get(name) ?? '']
  }
}
