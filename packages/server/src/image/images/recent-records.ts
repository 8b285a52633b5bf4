import type { ImageRecord } from './image-record.js'

/** Characters of all records together, so that they take some ten MiB of memory: 8,000 plain images. */
const mostCharacters = 8 * 1024 ** 2
/** What a record has beside tags and properties. */
const plainCharacters = 1024

/** A record as it was read, and the characters of its tags and properties. */
export interface ReadRecord {
  readonly record: ImageRecord
  readonly characters: number
}

/**
 * Records that were read lately. Every change of an image comes with another `updated_at`, so one that still has the same
 * has not changed since, and lists read again only what has.
 */
export interface RecentRecords {
  get(id: string, updatedAt: number): ReadRecord | undefined
  /** Takes the place of an older one; those that were read the longest ago are forgotten when there are too many. */
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
