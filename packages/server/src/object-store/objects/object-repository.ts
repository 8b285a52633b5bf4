import { inTransaction, type Database } from '../../database/database.js'
import type { ObjectAddress } from '../address.js'
import { deleteAtOf, isExpired } from '../expiry/delete-at.js'
import { preparedScan, type ScanBounds } from '../listing/scan.js'
import type { Metadata } from '../metadata.js'
import type { ListedObject, ObjectRecord } from './object-record.js'

export interface ObjectRepository {
  hasContainer(account: string, container: string): boolean
  /** Undefined for an object that has expired, too. */
  find(at: ObjectAddress): ObjectRecord | undefined
  /** Saves an object, replacing an existing one. @returns the blob that is no longer used */
  save(account: string, container: string, object: ObjectRecord): string | undefined
  /** @returns the blob that is no longer used; undefined when the object did not exist */
  remove(at: ObjectAddress): string | undefined
  /** Reads objects in the order of their names. */
  scan(account: string, container: string, bounds: ScanBounds): ListedObject[]
  usesBlob(key: string): boolean
  /** When the next object expires, in seconds since 1970. */
  nextExpiry(): number | undefined
  /** Objects that have expired. */
  expired(nowMs: number, limit: number): readonly ObjectAddress[]
  /** @returns the blob that is no longer used; undefined when the object is gone or does not expire any more */
  removeExpired(at: ObjectAddress, nowMs: number): string | undefined
}

interface ListedObjectRow {
  name: string
  blob: string
  size: number
  etag: string
  content_type: string
  modified_ms: number
  large_etag: string | null
  large_size: number | null
  delete_at: number | null
}
interface ObjectRow extends ListedObjectRow {
  metadata: string
}

/** The objects in SQLite, with the counts of objects and bytes per container. */
export function createObjectRepository(db: Database, nowMs: () => number = Date.now): ObjectRepository {
  const listedColumns = 'name, blob, size, etag, content_type, modified_ms, large_etag, large_size, delete_at'
  const hasContainer = db.prepare('SELECT 1 FROM containers WHERE account = ? AND name = ?')
  const select = db.prepare('SELECT * FROM objects WHERE account = ? AND container = ? AND name = ?')
  const insert = db.prepare(
    `INSERT INTO objects (account, container, name, blob, size, etag, content_type, modified_ms, metadata,
       large_etag, large_size, delete_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (account, container, name) DO UPDATE SET blob = excluded.blob, size = excluded.size,
       etag = excluded.etag, content_type = excluded.content_type, modified_ms = excluded.modified_ms,
       metadata = excluded.metadata, large_etag = excluded.large_etag, large_size = excluded.large_size,
       delete_at = excluded.delete_at`,
  )
  const remove = db.prepare('DELETE FROM objects WHERE account = ? AND container = ? AND name = ?')
  const count = db.prepare(
    'UPDATE containers SET object_count = object_count + ?, bytes_used = bytes_used + ? WHERE account = ? AND name = ?',
  )
  const scan = preparedScan<ListedObjectRow>(
    db,
    `SELECT ${listedColumns} FROM objects WHERE account = ? AND container = ?`,
  )
  const usesBlob = db.prepare('SELECT 1 FROM objects WHERE blob = ?')

  const nextExpiry = db.prepare('SELECT MIN(delete_at) AS next FROM objects WHERE delete_at IS NOT NULL')
  const expired = db.prepare(
    'SELECT account, container, name AS object FROM objects WHERE delete_at <= ? ORDER BY delete_at LIMIT ?',
  )

  const find = ({ account, container, object }: ObjectAddress): ObjectRecord | undefined => {
    const row = select.get(account, container, object) as ObjectRow | undefined
    if (row === undefined) return undefined
    const { deleteAt: _, ...record } = listedObject(row)
    return { ...record, metadata: JSON.parse(row.metadata) as Metadata }
  }

  const removeRow = (at: ObjectAddress, mayRemove: (object: ObjectRecord) => boolean): string | undefined =>
    inTransaction(db, () => {
      const old = find(at)
      if (!old || !mayRemove(old)) return undefined
      remove.run(at.account, at.container, at.object)
      count.run(-1, -old.size, at.account, at.container)
      return old.blob
    })

  return {
    hasContainer: (account, container) => hasContainer.get(account, container) !== undefined,
    find(at) {
      const object = find(at)
      return object && isExpired(deleteAtOf(object.metadata), nowMs()) ? undefined : object
    },
    save(account, container, object) {
      return inTransaction(db, () => {
        const old = find({ account, container, object: object.name })
        insert.run(
          account,
          container,
          object.name,
          object.blob,
          object.size,
          object.etag,
          object.contentType,
          object.modifiedMs,
          JSON.stringify(object.metadata),
          object.large?.etag ?? null,
          object.large?.size ?? null,
          deleteAtOf(object.metadata) ?? null,
        )
        count.run(old ? 0 : 1, object.size - (old?.size ?? 0), account, container)
        return old && old.blob !== object.blob ? old.blob : undefined
      })
    },
    remove: (at) => removeRow(at, () => true),
    scan: (account, container, bounds) => scan([account, container], bounds).map(listedObject),
    usesBlob: (key) => usesBlob.get(key) !== undefined,
    nextExpiry: () => (nextExpiry.get() as { next: number | null }).next ?? undefined,
    expired: (atMs, limit) =>
      (expired.all(Math.floor(atMs / 1000), limit) as ObjectAddress[]).map((row) => ({ ...row })),
    removeExpired: (at, atMs) => removeRow(at, ({ metadata }) => isExpired(deleteAtOf(metadata), atMs)),
  }
}

function listedObject(row: ListedObjectRow): ListedObject {
  return {
    name: row.name,
    blob: row.blob,
    size: row.size,
    etag: row.etag,
    contentType: row.content_type,
    modifiedMs: row.modified_ms,
    deleteAt: row.delete_at ?? undefined,
    large: row.large_etag === null ? undefined : { etag: row.large_etag, size: row.large_size ?? 0 },
  }
}
