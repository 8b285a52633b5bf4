import type { IncomingMessage } from 'node:http'
import type { HttpContext } from '../context.js'

/**
 * What Hono and the services read of a request: the part of a web Request that needs no copy of what Node has parsed.
 * Bodies are read from `c.env.incoming`.
 */
export class WireRequest {
  readonly method: string
  readonly url: string
  readonly headers: RequestHeaders

  /**
   * @param target the request target as it was sent. `new URL()` would take `c/../d` and `c/%2e%2e/d` for `d`; no WSGI
   *   server does, so that in a real cloud dots are part of a name.
   */
  constructor({ method = 'GET', rawHeaders }: IncomingMessage, target: string) {
    this.method = method
    this.url = `http://localhost${target.includes('#') ? target.replaceAll('#', '%23') : target}`
    this.headers = new WireHeaders(rawHeaders)
  }
}

/** Path and query as they were sent, below the service's prefix. */
export function targetOf(c: HttpContext): string {
  const { url } = c.req
  return url.slice(url.indexOf('/', url.indexOf('//') + 2))
}

/** The part of web Headers that reads. */
export type RequestHeaders = Pick<Headers, 'get' | 'has'> & Iterable<[string, string]>

/** The headers of a request, with what a name has several times joined as in web Headers. */
class WireHeaders implements RequestHeaders {
  readonly #pairs: readonly string[]

  /** @param pairs names and values by turns, as in `rawHeaders` */
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

  /** Names in lower case, each once, sorted. */
  *[Symbol.iterator](): Iterator<[string, string]> {
    const names = new Set<string>()
    for (let at = 0; at < this.#pairs.length; at += 2) names.add((this.#pairs[at] ?? '').toLowerCase())
    for (const name of [...names].sort()) yield [name, this.get(name) ?? '']
  }
}
