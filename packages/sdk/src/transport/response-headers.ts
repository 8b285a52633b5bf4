import type { ResponseHeaders } from '../errors/http-error.js'

/**
 * Headers from those that a Node client has read. Not a web `Headers`: creating one loads all of Node's built-in fetch,
 * which is a considerable part of a command's start-up time.
 */
export function responseHeaders(
  raw: Readonly<Record<string, string | readonly string[] | undefined>>,
  without: readonly string[] = [],
): ResponseHeaders {
  const values = new Map<string, string>()
  for (const [name, value] of Object.entries(raw)) {
    const key = name.toLowerCase()
    if (value === undefined || without.includes(key)) continue
    values.set(key, typeof value === 'string' ? value : value.join(', '))
  }
  return {
    get: (name) => values.get(name.toLowerCase()) ?? null,
    has: (name) => values.has(name.toLowerCase()),
    [Symbol.iterator]: () => values[Symbol.iterator](),
  }
}

/**
 * The codings that a Content-Encoding or Transfer-Encoding header names, in the order they were applied (RFC 9110
 * section 8.4.1).
 */
export function codingsOf(header: string | null | undefined): readonly string[] {
  const names = (header ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => name !== '' && name !== 'identity').map((name) => name.replace(/^x-gzip$/, 'gzip'))
}

/**
 * The codings of a body that do not belong to the stored bytes: a proxy or a server's gzip middleware has applied them
 * despite `Accept-Encoding: identity`. They come last.
 * @param kept the codings of the stored bytes; `as-sent` for all codings
 */
export function addedCodings(header: string | null | undefined, kept: string | undefined): readonly string[] {
  if (kept === 'as-sent') return []
  const sent = codingsOf(header)
  const own = codingsOf(kept)
  return own.every((coding, index) => coding === sent[index]) ? sent.slice(own.length) : []
}

/** Whether both headers name the same codings. */
export function sameCodings(one: string | null | undefined, other: string | null | undefined): boolean {
  return codingsOf(one).join() === codingsOf(other).join()
}
