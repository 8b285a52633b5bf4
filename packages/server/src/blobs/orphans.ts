import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** A stored file that no record names. */
export interface Orphan {
  /** Its path in the data folder, e.g. `blobs/3f/3f…`. */
  readonly file: string
  readonly sizeBytes: number
  /** Its new path in the data folder, once it was moved aside. */
  readonly movedTo?: string | undefined
}

/** Names of files that a blob store makes. What has another name is not ours. */
const keyName = /^[0-9a-f]{32}$/
const shardName = /^[0-9a-f]{2}$/

/** Removes what interrupted uploads left in `tmp/` of a data folder. @returns how many files */
export async function removeHalfWrites(folder: string): Promise<number> {
  const temporary = path.join(folder, 'tmp')
  const names = await ownNames(temporary, keyName, 'file')
  for (const name of names) await rm(path.join(temporary, name), { force: true })
  return names.length
}

/** The files in `blobs/` of a data folder that no record names. */
export async function findOrphans(folder: string, isUsed: (key: string) => boolean): Promise<Orphan[]> {
  const found: Orphan[] = []
  for (const shard of await ownNames(path.join(folder, 'blobs'), shardName, 'folder')) {
    for (const key of await ownNames(path.join(folder, 'blobs', shard), keyName, 'file')) {
      if (!key.startsWith(shard) || isUsed(key)) continue
      const file = path.posix.join('blobs', shard, key)
      found.push({ file, sizeBytes: (await lstat(path.join(folder, file))).size })
    }
  }
  return found
}

/** Moves orphans to `orphans/<now>/`, where they keep their place below `blobs/`, so that they can be put back. */
export async function moveAside(folder: string, orphans: readonly Orphan[], now: Date): Promise<Orphan[]> {
  const moved: Orphan[] = []
  const aside = path.posix.join(
    'orphans',
    now
      .toISOString()
      .replace(/\.\d+Z$/, 'Z')
      .replaceAll(':', '-'),
  )
  for (const { file, sizeBytes } of orphans) {
    const movedTo = path.posix.join(aside, path.posix.relative('blobs', file))
    await mkdir(path.join(folder, path.posix.dirname(movedTo)), { recursive: true, mode: 0o700 })
    await rename(path.join(folder, file), path.join(folder, movedTo))
    moved.push({ file, sizeBytes, movedTo })
  }
  return moved
}

/** Links are neither files nor folders here: nothing outside of the data folder is touched. */
async function ownNames(folder: string, form: RegExp, kind: 'file' | 'folder'): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => form.test(entry.name) && (kind === 'file' ? entry.isFile() : entry.isDirectory()))
      .map(({ name }) => name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
