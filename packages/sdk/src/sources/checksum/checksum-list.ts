import { algorithmNames, algorithmOfLength, isDigest, knownAlgorithm, namedAlgorithm } from './expected-checksum.js'

/** One digest of a list. */
export interface ListedChecksum {
  /** As Glance names it, or the name in the list for an algorithm that cannot be computed here. */
  readonly algorithm: string
  /** Whether it is one of the supported algorithms. */
  readonly isKnown: boolean
  /** Lower-case hex. */
  readonly value: string
  /** As listed; undefined for a line that contains only a digest. */
  readonly name: string | undefined
}

/** What applies to lines of a list that contain only a digest and a name. */
interface Section {
  readonly algorithm: string
  /** From a heading for a single file. */
  readonly name?: string | undefined
}

/**
 * Parses SHA256SUMS files and the like: lines of `sha256sum` (GNU), `sha256 -r`, `shasum --tag` (BSD), `openssl dgst`,
 * `sha256:HEX NAME`, sections of Gentoo and Debian, with or without a PGP signature. Anything else, such as the
 * signature or a comment, is ignored.
 * @param listName the list's file name, path or URL, which may name the algorithm: `b2sums.txt`, `disk.img.sha512`
 */
export function parseChecksumList(text: string, listName = ''): readonly ListedChecksum[] {
  const named = algorithmOfList(listName)
  let section: Section | undefined
  let isSignature = false
  const entries: ListedChecksum[] = []
  for (const whole of text.split(/\r?\n/)) {
    // A regular expression ending in blanks takes quadratic time for many blanks, and for line ends other than \n.
    const line = whole.trimEnd()
    if (/^-----(BEGIN|END) PGP SIGNATURE-----$/.test(line)) isSignature = line.startsWith('-----BEGIN')
    if (isSignature) continue
    section = parseHeading(line) ?? section
    const entry = parseTagged(line) ?? parsePrefixed(line) ?? parsePlain(line, section, named)
    if (entry) entries.push(entry)
  }
  return entries
}

/** `# SHA512 HASH` (Gentoo), `SHA256:` (Debian), `[sha1]`; `SHA256 hash of NAME:` (certutil). */
function parseHeading(line: string): Section | undefined {
  // The hash heading of a signed text refers to the signature.
  if (line.length > longestHeading || line.startsWith('Hash:')) return undefined
  const about = /^(\S+) hash of (?:file )?(\S.*):$/i.exec(line)
  const algorithm = namedAlgorithm(about?.[1] ?? line)
  if (algorithm === undefined) return undefined
  if (about) return { algorithm, name: about[2] }
  const words = line.replace(algorithmNames, '').split(/[^a-z0-9]+/i)
  return words.every((word) => /^((hash|digest)(es|s)?|(check)?sums?)?$/i.test(word)) ? { algorithm } : undefined
}

const longestHeading = 300

/** The algorithm that a list's name indicates; an unknown one only if the name can mean nothing else. */
function algorithmOfList(listName: string): string | undefined {
  const name = listName.slice(Math.max(listName.lastIndexOf('/'), listName.lastIndexOf('\\')) + 1)
  const found = namedAlgorithm(name)
  if (found === undefined || knownAlgorithm(found) !== undefined) return found
  return name.replace(/\.(txt|asc)$/i, '').endsWith(found) ? found : undefined
}

/** `SHA256 (name) = hex`, `SHA2-256(name)= hex`; base64 as `cksum --base64` writes it. */
function parseTagged(line: string): ListedChecksum | undefined {
  const match = /^(\\?)([A-Za-z][A-Za-z0-9/_-]*) ?\((.+)\) ?= ([0-9a-zA-Z+/]+={0,2})$/s.exec(line)
  if (!match) return undefined
  const [, escape = '', tag = '', name = '', digest = ''] = match
  return entryOf(tag, digest, unescaped(name, escape))
}

/** `sha256:hex  name`, `SHA256 hex name`. */
function parsePrefixed(line: string): ListedChecksum | undefined {
  const match = /^([A-Za-z][A-Za-z0-9/_-]{1,20})(?:[:=]| +)[ \t]*([0-9a-fA-F]{32,128})(?:[ \t]+\*?(.+))?$/s.exec(line)
  if (!match) return undefined
  const [, tag = '', digest = '', name] = match
  return namedAlgorithm(tag) === undefined ? undefined : entryOf(tag, digest, name)
}

/** `hex  name`, `hex *name`, `hex`, Debian's `hex size name`; the algorithm of the section, the list, or the length. */
function parsePlain(line: string, section: Section | undefined, named: string | undefined): ListedChecksum | undefined {
  const match = /^[ \t]*(\\?)([0-9a-fA-F]{8,128})(?:[ \t]+\*?(.+))?$/s.exec(line)
  if (!match) return undefined
  const [, escape = '', hex = '', rest] = match
  const sized = section && /^\d+[ \t]+(\S.*)$/s.exec(rest ?? '')
  const name = sized?.[1] ?? rest ?? section?.name
  // If the length of the digest does not fit the heading, the heading does not apply to it.
  const said = [section?.algorithm, named].find(
    (each) => each !== undefined && (!knownAlgorithm(each) || isDigest(each, hex)),
  )
  const algorithm = said ?? algorithmOfLength(hex.length)
  if (algorithm === undefined) return undefined
  return entryOf(algorithm, hex, name === undefined ? undefined : unescaped(name, escape))
}

function entryOf(tag: string, digest: string, name: string | undefined): ListedChecksum | undefined {
  const algorithm = knownAlgorithm(tag)
  if (algorithm === undefined && digest.length < 8) return undefined
  if (algorithm === undefined) return { algorithm: tag, isKnown: false, value: digest.toLowerCase(), name }
  const hex = isDigest(algorithm, digest) ? digest : hexOfBase64(digest)
  return isDigest(algorithm, hex) ? { algorithm, isKnown: true, value: hex.toLowerCase(), name } : undefined
}

function hexOfBase64(text: string): string {
  if (text.length > 88 || text.length % 4 !== 0) return ''
  return Array.from(atob(text), (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

/** In a line that begins with a backslash, backslashes and line ends in names are escaped (coreutils, `digest.c`). */
function unescaped(name: string, escape: string): string {
  if (escape === '') return name
  return name.replaceAll(/\\([\\nr])/g, (_, char: string) => (char === 'n' ? '\n' : char === 'r' ? '\r' : '\\'))
}
