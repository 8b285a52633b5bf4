import type { ImageRecord } from './image-record.js'

/** The most characters of all records together, about ten MiB of memory: 8,000 plain images. */
const mostCharacters = 8 * 1024 ** 2
/** The characters of a record without tags and properties. */
export const plainCharacters = 1024

/** A record, and the characters of its tags and properties. */
export interface ReadRecord {
  readonly record: ImageRecord
  readonly characters: number
}

/**
 * Caches recently read records. Every change of an image changes its `updated_at`, so a record with the same
 * `updated_at` is still current, and lists only read changed images again.
 */
export interface RecentRecords {
  get(id: string, updatedAt: number): ReadRecord | undefined
  /** Replaces an older record of the image; when there are too many, those read longest ago are dropped. */
  add(read: ReadRecord): void
}

export function rememberRecords(): RecentRecords {
  const known = new Map<string, ReadRecord>()
  let held = 0
  const forget = (id: string, { characters }: ReadRecord) => {
    known.delete(id)
    held -= characters + plainCharacters
  }
  return {
    get(id, updatedAt) {
      const read = known.get(id)
      return read?.record.updated_at === updatedAt ? read : undefined
    },
    add(read) {
      const { id } = read.record
      const outdated = known.get(id)
      if (outdated !== undefined) forget(id, outdated)
      known.set(id, read)
      held += read.characters + plainCharacters
      for (const [oldId, old] of known) {
        if (held <= mostCharacters) break
        forget(oldId, old)
      }
    },
  }
}
