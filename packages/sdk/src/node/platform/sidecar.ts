import { readFile, unlink, writeFile } from 'node:fs/promises'
import type { DataIdentity } from '../../platform/platform.js'

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

/** Undefined when there is none, or none that can be read: whatever is beside it is of no use then. */
export async function readSidecar(path: string): Promise<Sidecar | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Sidecar> & { version?: unknown }
    if (value.version !== version || typeof value.identity !== 'object' || value.identity === null) return undefined
    return {
      identity: value.identity,
      ranges: typeof value.ranges === 'boolean' ? value.ranges : null,
      prefix: typeof value.prefix === 'number' && value.prefix >= 0 ? value.prefix : null,
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (error instanceof SyntaxError || code === 'ENOENT') return undefined
    throw error
  }
}

export async function writeSidecar(path: string, sidecar: Sidecar): Promise<void> {
  await writeFile(path, `${JSON.stringify({ version, ...sidecar })}\n`)
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
