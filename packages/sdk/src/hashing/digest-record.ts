/**
 * Digests by algorithm, without a prototype: servers name the algorithms, and the names of inherited members, such as
 * `constructor`, must be absent like any other unknown name.
 */
export function digestRecord(digests: Iterable<readonly [algorithm: string, digest: string]>): Record<string, string> {
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(digests))
}
