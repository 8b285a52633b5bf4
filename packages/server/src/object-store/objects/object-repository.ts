import { inTransaction, type Database } from '../../database/database.js'
import { scanConditions, type ScanBounds } from '../listing/listing.js'
import type { Metadata } from '../metadata.js'

export interface AccountRecord {
  readonly name: string
  readonly metadata: Metadata
  readonly createdMs: number
  readonly containers: number
  readonly objects: number
  readonly bytes: number
}

export interface ContainerRecord {
  readonly name: string
  readonly metadata: Metadata
  readonly createdMs: number
  readonly objects: number
  readonly bytes: number
}

export interface ObjectRecord {
  readonly name: string
  /** The bytes; of a static large object, its manifest. */
  readonly blob: string
  readonly size: number
  readonly etag: string
  readonly contentType: string
  readonly modifiedMs: number
  readonly metadata: Metadata
  /** Of a static large object: ETag and size of what its segments make up. */
  readonly large?: { readonly etag: string; readonly size: number } | undefined
}

/** What listings show; reading the metadata of every row would take longer than all the rest. */
export type ListedContainer = Omit<ContainerRecord, 'metadata'>
export type ListedObject = Omit<ObjectRecord, 'metadata'>

interface ListedContainerRow {
  name: string
  created_ms: number
  object_count: number
  bytes_used: number
}
interface ContainerRow extends ListedContainerRow {
  metadata: string
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
}
interface ObjectRow extends ListedObjectRow {
  metadata: string
}

/** The SQL of accounts, containers and objects. */
export type ObjectStoreRepository = ReturnType<typeof createObjectStoreRepository>

export function createObjectStoreRepository(db: Database) {
  const statements = new Map<string, ReturnType<Database['prepare']>>()
  const prepare = (sql: string) => {
    const known = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, known)
    return known
  }
  const count = (account: string, container: string, objects: number, bytes: number) =>
    prepare(
      'UPDATE containers SET object_count = object_count + ?, bytes_used = bytes_used + ? WHERE account = ? AND name = ?',
    ).run(objects, bytes, account, container)

  return {
    hasAccount(name: string): boolean {
      return prepare('SELECT 1 FROM accounts WHERE name = ?').get(name) !== undefined
    },
    account(name: string): AccountRecord | undefined {
      const row = prepare(
        `SELECT metadata, created_ms AS createdMs, container_count AS containers, object_count AS objects,
           bytes_used AS bytes
         FROM accounts WHERE name = ?`,
      ).get(name) as (Omit<AccountRecord, 'name' | 'metadata'> & { readonly metadata: string }) | undefined
      return row && { ...row, name, metadata: parse(row.metadata) }
    },
    saveAccount(name: string, metadata: Metadata, nowMs: number): void {
      prepare(
        `INSERT INTO accounts (name, metadata, created_ms) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET metadata = excluded.metadata`,
      ).run(name, JSON.stringify(metadata), nowMs)
    },

    container(account: string, name: string): ContainerRecord | undefined {
      const row = prepare('SELECT * FROM containers WHERE account = ? AND name = ?').get(account, name)
      return row && containerRecord(row)
    },
    saveContainer(account: string, name: string, metadata: Metadata, nowMs: number): void {
      prepare(
        `INSERT INTO containers (account, name, metadata, created_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT (account, name) DO UPDATE SET metadata = excluded.metadata`,
      ).run(account, name, JSON.stringify(metadata), nowMs)
    },
    deleteContainer(account: string, name: string): void {
      prepare('DELETE FROM containers WHERE account = ? AND name = ?').run(account, name)
    },
    scanContainers(account: string, bounds: ScanBounds): ListedContainer[] {
      const { sql, values } = scanConditions(bounds)
      const statement = prepare(
        `SELECT name, created_ms, object_count, bytes_used FROM containers WHERE account = ?${sql}`,
      )
      return (statement.all(account, ...values, bounds.limit) as ListedContainerRow[]).map(listedContainer)
    },

    object(account: string, container: string, name: string): ObjectRecord | undefined {
      const row = prepare('SELECT * FROM objects WHERE account = ? AND container = ? AND name = ?').get(
        account,
        container,
        name,
      )
      return row && objectRecord(row)
    },
    /** Puts an object in the place of the one that was there, and returns the blob that nobody uses any more. */
    saveObject(account: string, container: string, object: ObjectRecord): string | undefined {
      return inTransaction(db, () => {
        const old = this.object(account, container, object.name)
        prepare(
          `INSERT INTO objects (account, container, name, blob, size, etag, content_type, modified_ms, metadata,
             large_etag, large_size)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (account, container, name) DO UPDATE SET blob = excluded.blob, size = excluded.size,
             etag = excluded.etag, content_type = excluded.content_type, modified_ms = excluded.modified_ms,
             metadata = excluded.metadata, large_etag = excluded.large_etag, large_size = excluded.large_size`,
        ).run(
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
        )
        count(account, container, old ? 0 : 1, object.size - (old?.size ?? 0))
        return old && old.blob !== object.blob ? old.blob : undefined
      })
    },
    /** Returns the blob that nobody uses any more; undefined when there was no such object. */
    deleteObject(account: string, container: string, name: string): string | undefined {
      return inTransaction(db, () => {
        const old = this.object(account, container, name)
        if (!old) return undefined
        prepare('DELETE FROM objects WHERE account = ? AND container = ? AND name = ?').run(account, container, name)
        count(account, container, -1, -old.size)
        return old.blob
      })
    },
    scanObjects(account: string, container: string, bounds: ScanBounds): ListedObject[] {
      const { sql, values } = scanConditions(bounds)
      const statement = prepare(
        `SELECT name, blob, size, etag, content_type, modified_ms, large_etag, large_size FROM objects
         WHERE account = ? AND container = ?${sql}`,
      )
      return (statement.all(account, container, ...values, bounds.limit) as ListedObjectRow[]).map(listedObject)
    },
    usesBlob(blob: string): boolean {
      return prepare('SELECT 1 FROM objects WHERE blob = ?').get(blob) !== undefined
    },
  }
}

function listedContainer(row: ListedContainerRow): ListedContainer {
  return { name: row.name, createdMs: row.created_ms, objects: row.object_count, bytes: row.bytes_used }
}

function containerRecord(row: ContainerRow): ContainerRecord {
  return { ...listedContainer(row), metadata: parse(row.metadata) }
}

function listedObject(row: ListedObjectRow): ListedObject {
  return {
    name: row.name,
    blob: row.blob,
    size: row.size,
    etag: row.etag,
    contentType: row.content_type,
    modifiedMs: row.modified_ms,
    large: row.large_etag === null ? undefined : { etag: row.large_etag, size: row.large_size ?? 0 },
  }
}

function objectRecord(row: ObjectRow): ObjectRecord {
  return { ...listedObject(row), metadata: parse(row.metadata) }
}

function parse(json: string): Metadata {
  return JSON.parse(json) as Metadata
}
