import type { Database } from '../../database/database.js'
import type { CatalogEntry, CatalogKind } from './catalog-entry.js'

/** The services, endpoints and regions that requests created. */
export interface CatalogRepository {
  /** Lists the entries of a kind in the order in which they were created. */
  list(kind: CatalogKind): CatalogEntry[]
  /** Adds the entry, or replaces the one of the same kind and id. */
  save(kind: CatalogKind, entry: CatalogEntry): void
  remove(kind: CatalogKind, id: string): void
}

export function createCatalogRepository(db: Database): CatalogRepository {
  const list = db.prepare('SELECT entry FROM identity_catalog WHERE kind = ? ORDER BY rowid')
  const save = db.prepare(
    `INSERT INTO identity_catalog (kind, id, entry) VALUES (?, ?, ?)
     ON CONFLICT (kind, id) DO UPDATE SET entry = excluded.entry`,
  )
  const remove = db.prepare('DELETE FROM identity_catalog WHERE kind = ? AND id = ?')
  return {
    list: (kind) =>
      (list.all(kind) as unknown as { entry: string }[]).map(({ entry }) => JSON.parse(entry) as CatalogEntry),
    save(kind, entry) {
      save.run(kind, entry.id, JSON.stringify(entry))
    },
    remove(kind, id) {
      remove.run(kind, id)
    },
  }
}
