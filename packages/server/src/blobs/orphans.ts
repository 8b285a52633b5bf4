import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'

/** A stored file that no record refers to. */
export interface Orphan {
  /** Its path in the data folder, e.g. `blobs/3f/3f…`. */
  readonly file: string
  readonly sizeBytes: number
  /** Its new path in the data folder, if it was moved aside. */
  readonly movedTo?: string | undefined
}

/** Names that a blob store uses. Files with other names are not ours. */
const keyName = /^[0-9a-f]{32}$/
const shardName = /^[0-9a-f]{2}$/

/**
 * Removes what interrupted uploads left in `tmp/` of a data folder. If one was interrupted after its blob was published
 * and before its record was written, `tmp/` and `blobs/` have the same file; as it has no record, the blob is removed
 * too.
 * @returns the number of such uploads
 */
export async function removeHalfWrites(folder: string, isUsed: (key: string) => boolean): Promise<number> {
  const keys = await ownNames(path.join(folder, 'tmp'), keyName, 'file')
  for (const key of keys) {
    const temporary = path.join(folder, 'tmp', key)
    const shard = path.join(folder, 'blobs', key.slice(0, 2))
    if (!isUsed(key) && (await isFolder(shard)) && (await isSameFile(temporary, path.join(shard, key)))) {
      await rm(path.join(shard, key), { force: true })
    }
    await rm(temporary, { force: true })
  }
  return keys.length
}

async function isFolder(folder: string): Promise<boolean> {
  return (await lstat(folder).catch(() => undefined))?.isDirectory() === true
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((file) => lstat(file, { bigint: true }).catch(() => undefined)))
  return a !== undefined && b !== undefined && a.isFile() && a.ino !== 0n && a.ino === b.ino && a.dev === b.dev
}

/** The files in `blobs/` of a data folder that no record refers to. */
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

/** Moves orphans to `orphans/<now>/`, keeping their path below `blobs/`, so that they can be put back. */
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

/** Links count as neither files nor folders, so nothing outside the data folder is touched. */
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
