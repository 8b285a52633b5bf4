import { SourceError } from '../../errors/transfer-errors.js'
import type { ListedChecksum } from './checksum-list.js'
import { type ExpectedChecksum, knownAlgorithms } from './expected-checksum.js'

/** The file to look up, and the list. */
export interface Wanted {
  /** The list's label, for messages. */
  readonly list: string
  /** The path or URL of the file. */
  readonly path: string
  /** The file's own name. */
  readonly name: string
}

const shownNames = 5
/** If a list has several digests for a file, the one that is hardest to forge is used. */
const byStrength = knownAlgorithms.toReversed()

/**
 * The checksum of a file in a list: found by its name, and if that is listed in several folders, by as much of the path
 * as the list contains.
 * @throws SourceError when it is missing, has only unsupported algorithms, or has several checksums
 */
export function chooseChecksum(entries: readonly ListedChecksum[], wanted: Wanted): ExpectedChecksum {
  const { list, name } = wanted
  const files = new Map<string, ListedChecksum[]>()
  for (const entry of entries) {
    if (entry.name === undefined) continue
    const path = partsOf(entry.name).join('/')
    const same = files.get(path)
    if (same) same.push(entry)
    else files.set(path, [entry])
  }
  const found = candidates([...files.keys()], wanted)
  if (found.length === 0) throw notListed([...files.keys()], wanted)
  const picked = found.map((path) => ({ path, ...strongest(files.get(path) ?? [], list, path) }))
  const [first] = picked
  if (!first || picked.some(({ algorithm, value }) => algorithm !== first.algorithm || value !== first.value)) {
    throw new SourceError(`${list} lists ${name} in several folders, with different checksums`, {
      hint: `give the right one of ${picked.map(({ path, algorithm, value }) => `${algorithm}:${value} (${path})`).join(', ')}`,
    })
  }
  return { algorithm: first.algorithm, value: first.value }
}

/** The strongest supported algorithm for one file. @throws SourceError */
export function strongest(entries: readonly ListedChecksum[], list: string, name: string): ExpectedChecksum {
  const known = entries.filter(({ isKnown }) => isKnown)
  const algorithm = byStrength.find((each) => known.some((entry) => entry.algorithm === each))
  const values = new Set(known.filter((entry) => entry.algorithm === algorithm).map(({ value }) => value))
  const [value] = values
  if (algorithm === undefined || value === undefined) {
    const others = [...new Set(entries.map((entry) => entry.algorithm))]
    throw new SourceError(`${list} lists ${name} only with ${others.join(' and ')}, which cannot be compared`, {
      hint: `the supported ones are ${knownAlgorithms.join(', ')}: give one of them as ALGORITHM:HEX, or another list`,
    })
  }
  if (values.size > 1) {
    throw new SourceError(`${list} lists ${name} with different checksums`, {
      hint: `give the right one of ${[...values].map((each) => `${algorithm}:${each}`).join(', ')}`,
    })
  }
  return { algorithm, value }
}

/** The listed paths that may be the file: the longest one that is a suffix of its path; otherwise all with its name. */
function candidates(paths: readonly string[], { path, name, list }: Wanted): string[] {
  const own = partsOf(path)
  const same = paths.filter((each) => isSame(partsOf(each).at(-1), name))
  if (same.length === 0) {
    // `disk.img.sha256` next to `disk.img`, a link to the file that it lists (openSUSE).
    const isOwnList = partsOf(list).at(-1)?.startsWith(`${name}.`) === true
    return isOwnList && paths.length === 1 ? [...paths] : []
  }
  const ending = same.filter((each) => {
    const parts = partsOf(each)
    const end = own.slice(-parts.length)
    return parts.length <= own.length && parts.every((part, at) => isSame(part, end[at]))
  })
  const longest = ending.reduce((most, each) => Math.max(most, partsOf(each).length), 0)
  return ending.length > 0 ? ending.filter((each) => partsOf(each).length === longest) : same
}

function isSame(listed: string | undefined, own: string | undefined): boolean {
  return listed !== undefined && own !== undefined && (listed === own || decoded(listed) === decoded(own))
}

/** The segments of a path or URL, without `.` and empty ones. */
function partsOf(path: string): string[] {
  const isUrl = /^https?:\/\//i.test(path) && URL.canParse(path)
  return (isUrl ? new URL(path).pathname : path).split(/[/\\]/).filter((part) => part !== '' && part !== '.')
}

function notListed(paths: readonly string[], { list, name }: Wanted): SourceError {
  const stem = name.replace(/\.[^.]*$/, '')
  const isNear = (path: string) => path.includes(stem) || name.includes(partsOf(path).at(-1) ?? path)
  const shown = [...paths.filter(isNear), ...paths.filter((path) => !isNear(path))]
  const names = shown.slice(0, shownNames).join(', ') + (shown.length > shownNames ? ', …' : '')
  const has = paths.length === 0 ? 'it names no files' : `it has ${names}`
  return new SourceError(`${list} does not list ${name}`, {
    hint: `${has}; entries are found by the file's name, so keep the published one, or give sha256:HEX`,
  })
}

/** Decodes percent-encoding. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
