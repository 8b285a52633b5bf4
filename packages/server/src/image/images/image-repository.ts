import type { KnownImageStatus } from '@tyrax/protocol'
import { inTransaction, type Database } from '../../database/database.js'
import { takeTurn } from '../../http/turns.js'
import { columnValues, imageColumns, toImageRecord, type ImageRow } from './image-row.js'
import { storedFields, type ImageRecord } from './image-record.js'
import { keepChangeLog } from './listing/change-log.js'
import { createConditionSets } from './listing/condition-sets.js'
import { findPage } from './listing/find-page.js'
import type { ImageSearch } from './listing/image-search.js'
import { rememberPages, type ImagePage } from './listing/recent-pages.js'
import { createMemberRows, createPropertyRows, createTagRows } from './labels.js'
import { createLocationRows } from '../locations/location-repository.js'
import { rememberRecords, type ReadRecord } from './recent-records.js'
import { prepareServerChanges, type Changed, type ImageData, type ServerChange } from './server-change.js'
import { rememberStatements } from './recent-statements.js'

/** What an upload found out about an image's bytes, and where they are. */
interface StoredData extends ImageData {
  readonly store: string | null
  readonly blobKey: string
}

/** How many records of a page are read before other requests may run. */
const recordsInTurn = 100

/** The characters of tags and properties after which a page is cut: 1,000 images with 2 KiB each still fit. */
const longestPage = 2 * 1024 ** 2

/**
 * The image records. Every method is one transaction and knows nothing about callers or rules. Each change of an
 * image must have a different time than the one before.
 */
export interface ImageRepository {
  /** Whether any image, deleted ones included, ever had this id. */
  isTaken(id: string): boolean
  insert(image: ImageRecord): void
  /** The image, unless it is deleted. */
  find(id: string): ImageRecord | undefined
  /** Whether the image is shared with the project, accepted or not. */
  isMember(id: string, project: string | undefined): boolean
  /**
   * A page of images; it is cut if its tags and properties add up to more than a few MiB. A search that takes long lets
   * other requests run meanwhile, so that each image is as it was at some moment of the search.
   */
  list(search: ImageSearch): Promise<ImagePage>
  /**
   * Writes what a PATCH can change: fields, properties, tags, locations and what these say about the bytes.
   * @returns the keys of blobs that the image no longer uses, which have to be removed; false when the image is gone
   */
  save(image: ImageRecord, at: number): readonly string[] | false
  /**
   * Moves an image from one status to another, unless it has left the first one. A move to `queued` clears its sizes.
   */
  move(id: string, from: KnownImageStatus, to: KnownImageStatus, at: number): boolean
  /**
   * Moves an image from `saving` to `active`, with the upload's data. @returns false if it has left `saving` meanwhile
   */
  activate(id: string, data: StoredData, at: number): boolean
  /** A change that the server makes by itself. The blobs that it discards still have to be removed. */
  change(id: string, change: ServerChange, at: number): Changed
  /** Marks the image deleted and removes its children. @returns the keys of its blobs, which have to be removed */
  remove(id: string, at: number): string[]
  /** Moves every image whose upload, staging or import was interrupted back to `queued`. */
  requeueInterrupted(at: number): number
  isBlobUsed(key: string): boolean
  /** The keys of blobs that no image uses any more, and whose files may still exist. */
  discarded(): string[]
  forgetDiscarded(key: string): void
}

/** The columns that a PATCH can change. */
const patchedFields = storedFields.filter((field) => field.patch)

const insertedFields = storedFields.filter(({ wire }) => wire !== 'created_at')

/** The image records in SQLite. */
export function createImageRepository(db: Database): ImageRepository {
  const taken = db.prepare('SELECT 1 FROM images WHERE id = ?')
  // Numbers are in order of creation, except of images that are late.
  const isLate = [0, 1].map(
    (hidden) => `EXISTS (SELECT 1 FROM images INDEXED BY images_by_created_at
       WHERE deleted = 0 AND os_hidden = ${hidden} AND created_at >= ?1)`,
  )
  const insert = db.prepare(
    `INSERT INTO images (created_at, late, ${insertedFields.map(({ wire }) => wire).join(', ')})
     VALUES (?, ${isLate.join(' OR ')}, ${insertedFields.map(() => '?').join(', ')})`,
  )
  const version = db.prepare('SELECT updated_at FROM images WHERE id = ? AND deleted = 0')
  const read = db.prepare(`SELECT ${imageColumns} FROM images i WHERE i.id = ?`)
  const member = db.prepare('SELECT 1 FROM image_members WHERE image_id = ? AND member_id = ?')
  const move = db.prepare(`UPDATE images SET status = ?, updated_at = ? WHERE id = ? AND status = ? AND deleted = 0`)
  const forgetSizes = db.prepare('UPDATE images SET size = NULL, virtual_size = NULL WHERE id = ?')
  const activate = db.prepare(
    `UPDATE images SET status = 'active', size = ?, virtual_size = ?, checksum = ?, os_hash_algo = ?, os_hash_value = ?,
       updated_at = ? WHERE id = ? AND status = 'saving' AND deleted = 0`,
  )
  // One that a failed location import left.
  const clearLocations = db.prepare('DELETE FROM image_locations WHERE image_id = ?')
  const insertLocation = db.prepare(
    'INSERT INTO image_locations (image_id, position, store, blob_key) VALUES (?, 0, ?, ?)',
  )
  const remove = db.prepare(`UPDATE images SET status = 'deleted', deleted = 1, updated_at = ? WHERE id = ?`)
  const interrupted = db.prepare(
    `SELECT id FROM images WHERE deleted = 0 AND os_hidden IN (0, 1) AND (status IN ('saving', 'importing') OR
       status = 'uploading' AND NOT EXISTS (SELECT 1 FROM image_staging s WHERE s.image_id = images.id))`,
  )
  const inBlobTables = (sql: (table: string) => string) => db.prepare(blobTables(db).map(sql).join(' UNION ALL '))
  const blobKeys = inBlobTables((table) => `SELECT blob_key FROM ${table} WHERE image_id = ?1`)
  const blobUsed = inBlobTables((table) => `SELECT 1 FROM ${table} WHERE blob_key = ?1`)
  const discard = db.prepare('INSERT OR IGNORE INTO discarded_blobs (blob_key) VALUES (?)')
  const discarded = db.prepare('SELECT blob_key FROM discarded_blobs')
  const forgetDiscarded = db.prepare('DELETE FROM discarded_blobs WHERE blob_key = ?')
  const applyChange = prepareServerChanges(db)
  const clearChildren = childTables(db).map((table) => db.prepare(`DELETE FROM ${table} WHERE image_id = ?`))
  const properties = createPropertyRows(db)
  const tags = createTagRows(db)
  const members = createMemberRows(db)
  const statements = rememberStatements(db)
  const changes = keepChangeLog(db, statements)
  const sets = createConditionSets(changes, statements)
  const pages = rememberPages(changes)
  const locations = createLocationRows(db)
  const recent = rememberRecords()
  const recordOf = (id: string, updatedAt: number): ReadRecord => {
    const known = recent.get(id, updatedAt)
    if (known !== undefined) return known
    const row = read.get(id) as unknown as ImageRow
    const characters = row.properties.length + row.tags.length
    const fresh = { record: toImageRecord(row), characters }
    recent.add(fresh)
    return fresh
  }

  const find = (id: string): ImageRecord | undefined => {
    const found = version.get(id) as { updated_at: number } | undefined
    return found && recordOf(id, found.updated_at).record
  }

  const readPage = async (search: ImageSearch): Promise<ImagePage> => {
    const images: ImageRecord[] = []
    const { rows, gaveTurns } = await findPage(statements, sets, search)
    let isStale = gaveTurns
    let characters = 0
    for (const [at, [id, updatedAt]] of rows.entries()) {
      if (characters > longestPage) return { images, isCut: true, characters }
      if (at > 0 && at % recordsInTurn === 0) {
        await takeTurn()
        isStale = true
      }
      const now = isStale ? (version.get(id) as { updated_at: number } | undefined)?.updated_at : updatedAt
      if (now === undefined) continue
      const read = recordOf(id, now)
      characters += read.characters
      images.push(read.record)
    }
    return { images, isCut: rows.length === search.limit && images.length < rows.length, characters }
  }

  return {
    isTaken: (id) => taken.get(id) !== undefined,
    insert(image) {
      inTransaction(db, () => {
        insert.run(image.created_at, ...columnValues(image, insertedFields))
        properties.insert(image)
        tags.insert(image)
      })
    },
    find,
    isMember: (id, project) => project !== undefined && member.get(id, project) !== undefined,
    list: (search) => pages.find(search, readPage),
    save(image, at) {
      return inTransaction(db, () => {
        const before = find(image.id)
        if (before === undefined) return false
        // What is written costs as much as the indexes that it is in, so only what has changed is.
        const changed = patchedFields.filter(({ wire }) => before[wire] !== image[wire])
        const set = changed.map(({ wire }) => `${wire} = ?, `).join('')
        statements(`UPDATE images SET ${set}updated_at = ? WHERE id = ?`).run(
          ...columnValues(image, changed),
          at,
          image.id,
        )
        properties.update(before, image)
        tags.update(before, image)
        members.update(before, image)
        return before.locations === image.locations ? [] : locations.replace(before, image)
      })
    },
    move(id, from, to, at) {
      const moved = move.run(to, at, id, from).changes > 0
      if (moved && to === 'queued') forgetSizes.run(id)
      return moved
    },
    activate(id, data, at) {
      return inTransaction(db, () => {
        const { changes } = activate.run(
          data.size,
          data.virtual_size,
          data.checksum,
          data.os_hash_algo,
          data.os_hash_value,
          at,
          id,
        )
        if (changes === 0) return false
        clearLocations.run(id)
        insertLocation.run(id, data.store, data.blobKey)
        return true
      })
    },
    remove(id, at) {
      return inTransaction(db, () => {
        const keys = (blobKeys.all(id) as unknown as { blob_key: string }[]).map((row) => row.blob_key)
        remove.run(at, id)
        for (const statement of clearChildren) statement.run(id)
        for (const key of keys) discard.run(key)
        return keys
      })
    },
    change: (id, change, at) => inTransaction(db, () => applyChange(id, change, at)),
    requeueInterrupted(at) {
      const ids = (interrupted.all() as unknown as { id: string }[]).map(({ id }) => id)
      inTransaction(db, () => {
        for (const id of ids) applyChange(id, { status: 'queued' }, at)
      })
      return ids.length
    },
    isBlobUsed: (key) => blobUsed.get(key) !== undefined,
    discarded: () => (discarded.all() as unknown as { blob_key: string }[]).map((row) => row.blob_key),
    forgetDiscarded(key) {
      forgetDiscarded.run(key)
    },
  }
}

/** The tables of an image's children, of all resources: `image_…`, with the image's id as `image_id`. */
function childTables(db: Database): string[] {
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'image_*'`)
  return (tables.all() as unknown as { name: string }[]).map(({ name }) => name)
}

/** Those child tables of which each row has a blob. */
function blobTables(db: Database): string[] {
  const column = db.prepare(`SELECT 1 FROM pragma_table_info(?) WHERE name = 'blob_key'`)
  return childTables(db).filter((table) => column.get(table) !== undefined)
}
