import { unlink } from 'node:fs/promises'
import type { DataIdentity } from '../../platform/platform.js'
import { FileRefused, readOwnFile, writeOwnFile } from '../steering-file.js'

/** Changes when a part is laid out in another way: a part of another version is not gone on with. */
const version = 1

/** What is known of an unfinished download, kept in a file beside its part. */
export interface Sidecar {
  readonly identity: DataIdentity
  /** Whether the store gives parts of the data; null while that is not known. */
  readonly ranges: boolean | null
  /** Bytes of the part without a gap before them; null: all of it. */
  readonly prefix: number | null
}

/** More than the identity of any image has. */
const longestSidecar = 64 * 1024

/**
 * Undefined when there is none, or none that can be understood: whatever is beside it is of no use then.
 * @throws FileRefused for a link, a pipe, a folder and a file of another user
 */
export async function readSidecar(path: string): Promise<Sidecar | undefined> {
  try {
    const text = await readOwnFile(path, longestSidecar)
    return text === undefined ? undefined : parseSidecar(JSON.parse(text))
  } catch (error) {
    const isUseless = error instanceof FileRefused && (error.why === 'shared' || error.why === 'size')
    if (isUseless || error instanceof SyntaxError) return undefined
    throw error
  }
}

function parseSidecar(value: unknown): Sidecar | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { version: written, identity, ranges, prefix } = value as Readonly<Record<string, unknown>>
  if (written !== version || typeof identity !== 'object' || identity === null) return undefined
  if (ranges !== null && typeof ranges !== 'boolean') return undefined
  if (prefix !== null && !isCount(prefix)) return undefined
  return { identity: identity as DataIdentity, ranges, prefix }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** Whole or not at all, and never through a link. The part's lock is held. */
export async function writeSidecar(path: string, sidecar: Sidecar): Promise<void> {
  await writeOwnFile(path, `${JSON.stringify({ version, ...sidecar })}\n`, `${path}.new`)
}

export async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

export function sameData(one: DataIdentity, other: DataIdentity): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => one[name] === other[name])
}
