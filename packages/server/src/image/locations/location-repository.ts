import type { Database } from '../../database/database.js'
import type { ImageLocation, ImageRecord } from '../images/image-record.js'

/** The rows of an image's locations, changed in the transaction of the caller. */
export interface LocationRows {
  /**
   * Writes the locations of an image, and what it knows about its bytes. Those that are left out are removed.
   * @returns the keys of the blobs that were removed, which are entered in the list of discarded ones
   */
  replace(before: ImageRecord, image: ImageRecord): string[]
}

export function createLocationRows(db: Database): LocationRows {
  const clear = db.prepare('DELETE FROM image_locations WHERE image_id = ?')
  const insert = db.prepare(
    'INSERT INTO image_locations (image_id, position, store, blob_key, url, metadata) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const setData = db.prepare(
    'UPDATE images SET status = ?, size = ?, checksum = ?, os_hash_algo = ?, os_hash_value = ? WHERE id = ?',
  )
  const discard = db.prepare('INSERT OR IGNORE INTO discarded_blobs (blob_key) VALUES (?)')
  const insertAt = (id: string, position: number, { store, blobKey, url, metadata }: ImageLocation) =>
    insert.run(id, position, store, blobKey, url ?? null, JSON.stringify(metadata ?? {}))
  return {
    replace(before, image) {
      const { id, status, size, checksum, os_hash_algo, os_hash_value, locations } = image
      setData.run(status, size, checksum, os_hash_algo, os_hash_value, id)
      clear.run(id)
      for (const [position, location] of locations.entries()) insertAt(id, position, location)
      const kept = new Set(locations.map(({ blobKey }) => blobKey))
      const removed = before.locations.filter(({ blobKey, url }) => url === undefined && !kept.has(blobKey))
      for (const { blobKey } of removed) discard.run(blobKey)
      return removed.map(({ blobKey }) => blobKey)
    },
  }
}
