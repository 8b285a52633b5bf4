import { inTransaction, type Database, type Migration } from '../../database/database.js'

/** One cached copy. Times are microseconds since 1970. */
export interface CachedImage {
  readonly id: number
  readonly image_id: string
  readonly blob_key: string
  readonly size: number
  readonly hits: number
  readonly last_accessed: number
  readonly last_modified: number
}

export interface CacheRepository {
  list(): CachedImage[]
  find(imageId: string): CachedImage | undefined
  /** Adds a copy and takes the image off the queue. @returns false when the image is gone or cached already */
  insert(copy: Omit<CachedImage, 'id' | 'hits' | 'last_accessed'>): boolean
  countHit(imageId: string, at: number): void
  /** @returns the keys of the copies that have no row any more */
  remove(imageId: string): string[]
  removeAll(): string[]
  /** In the order in which they were queued. */
  queued(): string[]
  /** Queuing an image again changes nothing. */
  enqueue(imageId: string, at: number): void
  dequeue(imageId: string): void
  dequeueAll(): void
  usedBytes(): number
  /** The copy that was read longest ago. */
  leastRecent(): CachedImage | undefined
}

export const migrations: readonly Migration[] = [
  {
    service: 'image',
    version: 40,
    sql: `
      CREATE TABLE image_cached (
        id INTEGER PRIMARY KEY,
        image_id TEXT NOT NULL UNIQUE,
        blob_key TEXT NOT NULL,
        size INTEGER NOT NULL,
        hits INTEGER NOT NULL DEFAULT 0,
        last_accessed INTEGER NOT NULL,
        last_modified INTEGER NOT NULL
      );
      CREATE INDEX image_cached_by_blob ON image_cached (blob_key);
      CREATE INDEX image_cached_by_access ON image_cached (last_accessed);

      CREATE TABLE image_cache_queue (
        image_id TEXT PRIMARY KEY,
        queued_at INTEGER NOT NULL
      ) WITHOUT ROWID;
    `,
  },
]

/** The image cache in SQLite. */
export function createCacheRepository(db: Database): CacheRepository {
  const columns = 'id, image_id, blob_key, size, hits, last_accessed, last_modified'
  const list = db.prepare(`SELECT ${columns} FROM image_cached ORDER BY id`)
  const find = db.prepare(`SELECT ${columns} FROM image_cached WHERE image_id = ?`)
  const insert = db.prepare(
    `INSERT INTO image_cached (image_id, blob_key, size, last_accessed, last_modified)
     SELECT id, ?, ?, ?, ? FROM images WHERE id = ? AND deleted = 0
     ON CONFLICT (image_id) DO NOTHING`,
  )
  const hit = db.prepare('UPDATE image_cached SET hits = hits + 1, last_accessed = ? WHERE image_id = ?')
  const remove = db.prepare('DELETE FROM image_cached WHERE image_id = ? RETURNING blob_key')
  const removeAll = db.prepare('DELETE FROM image_cached RETURNING blob_key')
  const queued = db.prepare('SELECT image_id FROM image_cache_queue ORDER BY queued_at')
  const enqueue = db.prepare('INSERT INTO image_cache_queue (image_id, queued_at) VALUES (?, ?) ON CONFLICT DO NOTHING')
  const dequeue = db.prepare('DELETE FROM image_cache_queue WHERE image_id = ?')
  const dequeueAll = db.prepare('DELETE FROM image_cache_queue')
  const used = db.prepare('SELECT coalesce(sum(size), 0) AS bytes FROM image_cached')
  const leastRecent = db.prepare(`SELECT ${columns} FROM image_cached ORDER BY last_accessed LIMIT 1`)
  const keys = (rows: unknown[]) => (rows as { blob_key: string }[]).map((row) => row.blob_key)
  return {
    list: () => list.all(),
    find: (imageId) => find.get(imageId),
    insert: (copy) =>
      inTransaction(db, () => {
        const { image_id, blob_key, size, last_modified } = copy
        const { changes } = insert.run(blob_key, size, last_modified, last_modified, image_id)
        dequeue.run(image_id)
        return changes > 0
      }),
    countHit(imageId, at) {
      hit.run(at, imageId)
    },
    remove: (imageId) => keys(remove.all(imageId)),
    removeAll: () => keys(removeAll.all()),
    queued: () => (queued.all() as unknown as { image_id: string }[]).map((row) => row.image_id),
    enqueue(imageId, at) {
      enqueue.run(imageId, at)
    },
    dequeue(imageId) {
      dequeue.run(imageId)
    },
    dequeueAll() {
      dequeueAll.run()
    },
    usedBytes: () => (used.get() as { bytes: number }).bytes,
    leastRecent: () => leastRecent.get(),
  }
}
