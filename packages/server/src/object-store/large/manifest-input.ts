import { takeTurn } from '../../http/turns.js'
import { isJsonObject, parseJson, TooManyValues } from '../../http/parse-json.js'
import { Refusal } from '../../refusal.js'
import { spanIn, type WantedRange } from '../byte-range.js'
import type { InlineSegment } from './manifest.js'

/** A segment that a client names in a manifest. */
export interface WantedSegment {
  /** The path as sent. */
  readonly path: string
  readonly container: string
  readonly object: string
  readonly etag: string | undefined
  readonly sizeBytes: number | undefined
  readonly range: WantedRange | undefined
}

/**
 * Reads the body of `PUT ?multipart-manifest=put` (swift/common/middleware/slo.py `parse_and_validate_input`).
 * @param own the manifest's own `container/object`, which cannot be a segment of itself
 * @throws Refusal invalid with a line for each invalid entry
 */
export async function readManifest(body: Buffer, own: string): Promise<readonly (WantedSegment | InlineSegment)[]> {
  const entries = parseList(body)
  const problems: string[] = []
  const segments: (WantedSegment | InlineSegment)[] = []
  for (const [index, entry] of entries.entries()) {
    await takeTurn()
    try {
      segments.push(readEntry(entry, index === entries.length - 1, own))
    } catch (error) {
      if (!(error instanceof EntryProblem)) throw error
      problems.push(`Index ${index}: ${error.message.slice(0, longestProblem)}\n`)
      if (problems.length >= mostProblems) break
    }
  }
  if (entries.length > 0 && entries.every((entry) => isJsonObject(entry) && 'data' in entry)) {
    problems.push('Inline data segments require at least one object-backed segment.\n')
  }
  if (problems.length > 0) throw new Refusal('invalid', problems.join(''))
  return segments
}

class EntryProblem extends Error {}

/** Limits on how much is reported about invalid entries. */
const mostProblems = 1000
const longestProblem = 1000

function parseList(body: Buffer): readonly unknown[] {
  let parsed: unknown
  try {
    parsed = parseJson(body)
  } catch (error) {
    if (error instanceof TooManyValues) throw new Refusal('invalid', `Manifest has more than ${error.most} values.\n`)
    throw new Refusal('invalid', 'Manifest must be valid JSON.\n')
  }
  if (!Array.isArray(parsed)) throw new Refusal('invalid', 'Manifest must be a list.\n')
  return parsed
}

function readEntry(entry: unknown, isLast: boolean, own: string): WantedSegment | InlineSegment {
  if (!isJsonObject(entry)) throw new EntryProblem('not a JSON object')
  const kind = ['data', 'path'].find((key) => key in entry)
  if (kind === undefined) throw new EntryProblem("expected keys to include one of 'data' or 'path'")
  const allowed = kind === 'data' ? ['data'] : ['path', 'etag', 'size_bytes', 'range']
  const extraneous = Object.keys(entry).filter((key) => !allowed.includes(key))
  if (extraneous.length > 0) {
    const list = extraneous.toSorted().map((key) => JSON.stringify(key.slice(0, longestProblem)))
    throw new EntryProblem(`extraneous keys ${list.join(', ')}`)
  }
  return kind === 'data' ? { data: readData(entry['data']) } : readSegment(entry, isLast, own)
}

/** Room for the longest names of an object and its container, and for extra slashes. */
const longestPath = 8192
/** The most characters of a number or a range. */
const longestNumber = 100

function readSegment(entry: Record<string, unknown>, isLast: boolean, own: string): WantedSegment {
  const { path, etag } = entry
  if (typeof path !== 'string') throw new EntryProblem('"path" must be a string')
  if (path.length > longestPath) throw new EntryProblem(`"path" is longer than ${longestPath} characters`)
  if (typeof etag !== 'string' && etag !== null && etag !== undefined) {
    throw new EntryProblem('"etag" must be a string or null (if provided)')
  }
  const address = trimStart(path)
  const slash = address.indexOf('/')
  // There must be a slash between two other characters; further slashes are allowed.
  if (slash < 0 || address.slice(slash).search(/[^/]/) < 0) {
    throw new EntryProblem('path does not refer to an object. Path must be of the form /container/object.')
  }
  const sizeBytes = readSize(entry['size_bytes'])
  if (sizeBytes !== undefined && sizeBytes < 1 && !isLast) {
    throw new EntryProblem('too small; each segment must be at least 1 byte.')
  }
  if (address === own) throw new EntryProblem('manifest must not include itself as a segment')
  const range = entry['range'] ? readWantedRange(entry['range']) : undefined
  if (range && sizeBytes !== undefined && !spanIn(range, sizeBytes)) throw new EntryProblem('unsatisfiable range')
  return {
    path,
    container: address.slice(0, slash),
    object: address.slice(slash + 1),
    etag: etag ?? undefined,
    sizeBytes,
    range,
  }
}

/** Removes leading slashes. */
function trimStart(path: string): string {
  const first = path.search(/[^/]/)
  return first < 0 ? '' : path.slice(first)
}

function readSize(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  const isNumeric =
    typeof value === 'number' ||
    (typeof value === 'string' && value.length <= longestNumber && /^\s*[+-]?\d+\s*$/.test(value))
  if (!isNumeric || !Number.isFinite(Number(value))) throw new EntryProblem('invalid size_bytes')
  return Math.trunc(Number(value))
}

function readWantedRange(value: unknown): WantedRange {
  if (typeof value !== 'string' || value.length > longestNumber) throw new EntryProblem('invalid range')
  const ranges = value.replaceAll(' ', '').split(',')
  const parsed = ranges.map((each) => {
    const match = /^(\d*)-(\d*)$/.exec(each)
    if (!match || each === '-') throw new EntryProblem('invalid range')
    const [first, last] = [match[1], match[2]].map((digits) => (digits ? Number(digits) : undefined))
    if (first !== undefined && last !== undefined && last < first) throw new EntryProblem('invalid range')
    return { first, last }
  })
  const [only] = parsed
  if (!only || parsed.length > 1) throw new EntryProblem('multiple ranges (only one allowed)')
  return only
}

function readData(value: unknown): string {
  if (typeof value !== 'string') throw new EntryProblem('data must be valid base64')
  if (value === '') throw new EntryProblem('too small; each segment must be at least 1 byte.')
  const data = Buffer.from(value, 'base64').toString('base64')
  // The regular expression is only needed for the few values that are not in the canonical form that Node writes.
  const isBase64 = data === value || (/^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0)
  if (!isBase64) throw new EntryProblem('data must be valid base64')
  return data
}
