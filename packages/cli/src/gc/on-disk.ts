import { lstat, readdir, unlink } from 'node:fs/promises'
import path from 'node:path'
import { readOwnFile, readSidecar, takeLock } from '@tyrax/sdk/internal'
import { wireTime } from '../output/cells.js'
import type { Leftover } from './leftover.js'

const suffix = '.part'

/**
 * Unfinished downloads in a folder: `.part` files that have tyrax's notes next to them, which those of other programs do
 * not have. The lock of a running download prevents their removal.
 */
export async function downloadsLeft(folder: string, olderThanMs: number): Promise<Leftover[]> {
  const found: Leftover[] = []
  for (const name of await readdir(folder)) {
    if (!name.endsWith(suffix)) continue
    const part = path.join(folder, name)
    const notes = `${part}.json`
    const seen = await lstat(part)
    const isOurs = seen.isFile() && (await readSidecar(notes).catch(() => undefined)) !== undefined
    if (!isOurs || Date.now() - seen.mtimeMs < olderThanMs) continue
    found.push({
      label: part,
      row: { kind: 'download', id: null, name: part, size: seen.size, updated_at: wireTime(seen.mtime) },
      async remove() {
        const lock = await takeLock(`${part}.lock`, part.slice(0, -suffix.length))
        try {
          await Promise.all([part, notes].map(unlink))
        } finally {
          await lock.release()
        }
      },
    })
  }
  return found
}

const longestToken = 4 * 1024 * 1024

/** Tokens of earlier commands that have expired, and files in their folder that no command can read. */
export async function tokensLeft(cache: string, olderThanMs: number): Promise<Leftover[]> {
  const folder = path.join(cache, 'tokens')
  const names = await readdir(folder).catch(() => [])
  const found: Leftover[] = []
  for (const name of names) {
    const file = path.join(folder, name)
    const seen = await lstat(file).catch(() => undefined)
    if (!seen?.isFile()) continue
    const expiresAt = await expiryOf(file)
    const isStale = expiresAt === 'unreadable' ? Date.now() - seen.mtimeMs >= olderThanMs : expiresAt < Date.now()
    if (!isStale) continue
    found.push({
      label: file,
      row: { kind: 'token', id: null, name: file, size: seen.size, updated_at: wireTime(seen.mtime) },
      remove: () => unlink(file),
    })
  }
  return found
}

async function expiryOf(file: string): Promise<number | 'unreadable'> {
  try {
    const kept = JSON.parse((await readOwnFile(file, longestToken)) ?? '') as { grant?: { expiresAt?: unknown } }
    const expiresAt = kept.grant?.expiresAt
    return typeof expiresAt === 'number' ? expiresAt : Number.POSITIVE_INFINITY
  } catch {
    return 'unreadable'
  }
}
