import { unlink } from 'node:fs/promises'
import type { DataIdentity } from '../../platform/platform.js'
import { FileRefused } from '../guarded-file.js'
import { readOwnFile, writeOwnFile } from '../own-file.js'

/** Changes when a part is laid out in another way: a part of another version is not resumed. */
const version = 1

/** What is known of an unfinished download, kept in a file next to its part. */
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

/** How often it is written down how far a scattered download has come: what is not noted is only fetched again. */
const notedBytes = 64 * 1024 * 1024

/** Keeps the sidecar of a download that is under way. Without a first state there is none, since nothing will resume it. */
export class SidecarNotes {
  readonly #path: string
  #latest: Sidecar | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string, first: Sidecar | undefined) {
    this.#path = path
    this.#latest = first
  }

  get isResumable(): boolean {
    return this.#latest !== undefined
  }

  /** One after the other: two writes at once could mix. */
  note(change: Partial<Sidecar>): Promise<void> {
    if (!this.#latest) return this.#writing
    const changed = { ...this.#latest, ...change }
    this.#latest = changed
    const before = this.#writing.catch(() => undefined)
    this.#writing = before.then(() => writeSidecar(this.#path, changed))
    return this.#writing
  }

  /** The bytes before `prefix` are there. Noted only for what is scattered, and where it is much more than before. */
  async noteReach(prefix: number): Promise<void> {
    const noted = this.#latest?.prefix
    if (noted == null || prefix - noted < notedBytes) return
    await this.note({ prefix })
  }
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
