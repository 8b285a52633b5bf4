/**
 * Digests by algorithm. It inherits nothing: algorithms are named by servers, and what every object inherits, such as
 * `constructor`, must be as absent as any other unknown name.
 */
export function digestRecord(digests: Iterable<readonly [algorithm: string, digest: string]>): Record<string, string> {
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(digests))
}
