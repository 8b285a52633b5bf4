import type { KnownImageStatus } from '@tyrax/protocol'
import type { Database } from '../../database/database.js'

/** What is known about an image's bytes once they are stored. */
export interface ImageData {
  readonly size: number
  readonly virtual_size: number | null
  readonly checksum: string
  readonly os_hash_algo: string
  readonly os_hash_value: string
}

/**
 * A change that the server makes by itself, such as a step of an import. A change to `queued` removes the image's data:
 * its locations, its staged bytes, its sizes and its hashes.
 */
export interface ServerChange {
  /** The image has one of these statuses, or nothing is changed. @default any */
  readonly from?: readonly KnownImageStatus[]
  /** The image has this value of this property (undefined: none), or nothing is changed. */
  readonly ifProperty?: { readonly name: string; readonly value: string | undefined }
  /** @default unchanged */
  readonly status?: KnownImageStatus
  readonly size?: number
  readonly data?: ImageData
  /** The hash that is being computed: the image shows its algorithm before its value. */
  readonly hashAlgorithm?: string
  readonly formats?: { readonly disk_format: string; readonly container_format: string }
  /** Undefined removes a property. */
  readonly properties?: Readonly<Record<string, string | undefined>>
  readonly addLocation?: { readonly store: string | null; readonly blobKey: string; readonly url?: string | undefined }
  /** The keys of the blobs whose locations are removed. */
  readonly removeLocations?: readonly string[]
  /** Keep the locations on other servers when the image becomes `queued`, as Glance does (Launchpad bug 2076648). */
  readonly keepRemote?: boolean
  /** The image's staged bytes belong to a location from now on, or are no longer needed. */
  readonly forgetStaged?: boolean
}

/** Whether the change was made, and the keys of blobs that the image no longer uses. */
export interface Changed {
  readonly isChanged: boolean
  readonly discarded: readonly string[]
}

const unchanged: Changed = { isChanged: false, discarded: [] }

/** Applies server changes in the transaction of the caller. Blobs that they leave behind are entered in a list. */
export function prepareServerChanges(db: Database): (id: string, change: ServerChange, at: number) => Changed {
  const status = db.prepare('SELECT status FROM images WHERE id = ? AND deleted = 0')
  const property = db.prepare('SELECT value FROM image_properties WHERE image_id = ? AND name = ?')
  const setStatus = db.prepare('UPDATE images SET status = ?, updated_at = ? WHERE id = ?')
  const setSize = db.prepare('UPDATE images SET size = ? WHERE id = ?')
  const setHashAlgorithm = db.prepare('UPDATE images SET os_hash_algo = ? WHERE id = ?')
  const setData = db.prepare(
    `UPDATE images SET size = ?, virtual_size = ?, checksum = ?, os_hash_algo = ?, os_hash_value = ? WHERE id = ?`,
  )
  const setFormats = db.prepare('UPDATE images SET disk_format = ?, container_format = ? WHERE id = ?')
  const setProperty = db.prepare(
    `INSERT OR REPLACE INTO image_properties (image_id, name, value, image_hidden, image_created_at, image_number)
     SELECT id, ?2, ?3, os_hidden, created_at, number FROM images WHERE id = ?1`,
  )
  const removeProperty = db.prepare('DELETE FROM image_properties WHERE image_id = ? AND name = ?')
  const addLocation = db.prepare(
    `INSERT INTO image_locations (image_id, position, store, blob_key, url)
     VALUES (?1, (SELECT coalesce(max(position) + 1, 0) FROM image_locations WHERE image_id = ?1), ?2, ?3, ?4)`,
  )
  const locations = db.prepare('SELECT blob_key FROM image_locations WHERE image_id = ?')
  const ownLocations = db.prepare('SELECT blob_key FROM image_locations WHERE image_id = ? AND url IS NULL')
  const removeLocation = db.prepare('DELETE FROM image_locations WHERE image_id = ? AND blob_key = ?')
  const staged = db.prepare('SELECT blob_key FROM image_staging WHERE image_id = ?')
  const forgetStaged = db.prepare('DELETE FROM image_staging WHERE image_id = ?')
  const isUsed = db.prepare('SELECT 1 FROM image_locations WHERE blob_key = ?')
  const discard = db.prepare('INSERT OR IGNORE INTO discarded_blobs (blob_key) VALUES (?)')
  const keys = (rows: unknown) => (rows as { blob_key: string }[]).map((row) => row.blob_key)

  const applies = (id: string, change: ServerChange): KnownImageStatus | undefined => {
    const found = status.get(id) as { status: KnownImageStatus } | undefined
    if (found === undefined || change.from?.includes(found.status) === false) return undefined
    if (change.ifProperty !== undefined) {
      const held = property.get(id, change.ifProperty.name) as { value: string } | undefined
      if (held?.value !== change.ifProperty.value) return undefined
    }
    return found.status
  }

  return (id, change, at) => {
    const before = applies(id, change)
    if (before === undefined) return unchanged
    const isEmptied = change.status === 'queued'
    // A location that an earlier attempt left is not the image's data.
    const isFilled = !isEmptied && change.status !== undefined && (before === 'queued' || before === 'uploading')
    const left = isFilled ? keys(locations.all(id)) : []
    for (const key of left) removeLocation.run(id, key)
    setStatus.run(change.status ?? before, at, id)
    if (isEmptied) setData.run(null, null, null, null, null, id)
    if (change.size !== undefined) setSize.run(change.size, id)
    if (change.hashAlgorithm !== undefined) setHashAlgorithm.run(change.hashAlgorithm, id)
    if (change.data !== undefined) {
      const { size, virtual_size, checksum, os_hash_algo, os_hash_value } = change.data
      setData.run(size, virtual_size, checksum, os_hash_algo, os_hash_value, id)
    }
    if (change.formats !== undefined) setFormats.run(change.formats.disk_format, change.formats.container_format, id)
    for (const [name, value] of Object.entries(change.properties ?? {})) {
      if (value === undefined) removeProperty.run(id, name)
      else setProperty.run(id, name, value)
    }
    if (change.addLocation !== undefined) {
      const { store, blobKey, url } = change.addLocation
      addLocation.run(id, store, blobKey, url ?? null)
    }
    const emptied = change.keepRemote === true ? ownLocations : locations
    const removed = isEmptied ? keys(emptied.all(id)) : (change.removeLocations ?? [])
    for (const key of removed) removeLocation.run(id, key)
    const dropsStaged = isEmptied || change.forgetStaged === true
    const unstaged = dropsStaged ? keys(staged.all(id)) : []
    if (dropsStaged) forgetStaged.run(id)
    const discarded = [...left, ...removed, ...unstaged].filter((key) => isUsed.get(key) === undefined)
    for (const key of discarded) discard.run(key)
    return { isChanged: true, discarded }
  }
}
