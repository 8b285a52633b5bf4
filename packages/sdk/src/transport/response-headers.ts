import type { ResponseHeaders } from '../errors/response-headers.js'

/**
 * Headers from what a Node client read. Not a web `Headers`: making one loads all of Node's built-in fetch, which is a
 * good part of the start-up of a command.
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
