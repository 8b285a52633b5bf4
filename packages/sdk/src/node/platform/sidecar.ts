import { unlink } from 'node:fs/promises'
import type { DataIdentity } from '../../platform/platform.js'
import { FileRefused } from '../guarded-file.js'
import { readOwnFile, writeOwnFile } from '../own-file.js'

/** Increased when the layout of a `.part` file changes: one with another version is not resumed. */
const version = 1

/** What is known about an unfinished download, stored in a file next to its `.part` file. */
export interface Sidecar {
  readonly identity: DataIdentity
  /** Whether the store supports ranges of the data; null while that is not known. */
  readonly ranges: boolean | null
  /** The number of bytes in the `.part` file before the first gap; null: all of it. */
  readonly prefix: number | null
}

/** Larger than the identity of any image. */
const longestSidecar = 64 * 1024

/**
 * Undefined when it does not exist or cannot be parsed; the `.part` file next to it is unusable then.
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

/** Writes it atomically, and never through a link. The lock of the `.part` file must be held. */
export async function writeSidecar(path: string, sidecar: Sidecar): Promise<void> {
  await writeOwnFile(path, `${JSON.stringify({ version, ...sidecar })}\n`, `${path}.new`)
}

/** How often the progress of a scattered download is recorded: bytes that are not recorded are only fetched again. */
const notedBytes = 64 * 1024 * 1024

/** Keeps the sidecar of a running download up to date. Without a first state there is none: nothing will resume it. */
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

  /** The writes are sequential: two at once could mix. */
  note(change: Partial<Sidecar>): Promise<void> {
    if (!this.#latest) return this.#writing
    const changed = { ...this.#latest, ...change }
    this.#latest = changed
    const before = this.#writing.catch(() => undefined)
    this.#writing = before.then(() => writeSidecar(this.#path, changed))
    return this.#writing
  }

  /** Reports that all bytes before `prefix` are written. Recorded only for scattered downloads, after much progress. */
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
