import { algorithmOfLength, type ExpectedChecksum, isDigest, knownAlgorithm } from './expected-checksum.js'

/** One line of a list; a digest alone on its line has no name. */
export interface ListedChecksum extends ExpectedChecksum {
  readonly name: string | undefined
}

/**
 * What a SHA256SUMS file and its like list: lines of `sha256sum` (GNU), `sha256 -r`, `shasum --tag` (BSD) and
 * `openssl dgst`. Anything else in it, such as a signature or a comment, is passed over.
 */
export function parseChecksumList(text: string): readonly ListedChecksum[] {
  return text.split(/\r?\n/).flatMap((whole) => {
    // An expression that ends in blanks looks at each of many blanks anew, and so at each line end that is not \n.
    const line = whole.trimEnd()
    const entry = parseTagged(line) ?? parsePlain(line)
    return entry ? [entry] : []
  })
}

/** `SHA256 (name) = hex`, `SHA2-256(name)= hex`. */
function parseTagged(line: string): ListedChecksum | undefined {
  const match = /^(\\?)([A-Za-z0-9-]+) ?\((.+)\) ?= ([0-9a-fA-F]+)$/s.exec(line)
  if (!match) return undefined
  const [, escape = '', tag = '', name = '', hex = ''] = match
  const algorithm = knownAlgorithm(tag)
  if (algorithm === undefined || !isDigest(algorithm, hex)) return undefined
  return { algorithm, value: hex.toLowerCase(), name: unescaped(name, escape) }
}

/** `hex  name`, `hex *name`, `hex`. */
function parsePlain(line: string): ListedChecksum | undefined {
  const match = /^(\\?)([0-9a-fA-F]{32,128})(?:[ \t]+\*?(.+))?$/s.exec(line)
  if (!match) return undefined
  const [, escape = '', hex = '', name] = match
  const algorithm = algorithmOfLength(hex.length)
  if (algorithm === undefined) return undefined
  return { algorithm, value: hex.toLowerCase(), name: name === undefined ? undefined : unescaped(name, escape) }
}

/** A line that begins with a backslash has a name with escaped backslashes and line ends (coreutils, `digest.c`). */
function unescaped(name: string, escape: string): string {
  if (escape === '') return name
  return name.replaceAll(/\\([\\nr])/g, (_, char: string) => (char === 'n' ? '\n' : char === 'r' ? '\r' : '\\'))
}
