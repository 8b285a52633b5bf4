import type { Database } from '../../../database/database.js'
import type { RowStatement } from '../recent-statements.js'
import type { Statements } from './walk.js'

/** The changes that are remembered. */
export const mostChanges = 32_768

/**
 * The images that were changed since the cloud was started, in order. Whatever changes an image, its labels or its
 * members enters the image's number, in the same transaction.
 */
export interface ChangeLog {
  /** The place of the newest change: what was read of images at the same place is still current. */
  newest(): number
  /** The first changes after a place, of the last {@link mostChanges}. */
  since(place: number, most: number): readonly (readonly [place: number, number: number])[]
}

export function keepChangeLog(db: Database, statements: Statements): ChangeLog {
  db.exec(triggers)
  let known = { writes: -1, place: 0 }
  return {
    newest() {
      if (known.writes !== db.writes) {
        const place = firstNumber(statements('SELECT max(place) FROM temp.image_changes LIMIT 1'))
        known = { writes: db.writes, place }
      }
      return known.place
    },
    since(place, most) {
      const changes = statements('SELECT place, number FROM temp.image_changes WHERE place > ? ORDER BY place LIMIT ?')
      return changes.all(place, most)
    },
  }
}

/** The number that a statement finds; 0 when it finds none. */
export function firstNumber(statement: RowStatement): number {
  const [row] = statement.all() as unknown as [number | null][]
  return row?.[0] ?? 0
}

const logged = (table: string, event: string, number: string) => `
  CREATE TEMP TRIGGER IF NOT EXISTS changes_of_${table}_by_${event} AFTER ${event} ON ${table} BEGIN
    INSERT INTO image_changes (number) VALUES (${number});
    DELETE FROM image_changes WHERE place <= last_insert_rowid() - ${mostChanges};
  END;`

const triggers = `
  CREATE TEMP TABLE IF NOT EXISTS image_changes (place INTEGER PRIMARY KEY, number INTEGER);
  ${logged('images', 'INSERT', 'new.number')}
  ${logged('images', 'UPDATE', 'new.number')}
  ${['image_tags', 'image_properties', 'image_members']
    .map(
      (table) => `
        ${logged(table, 'INSERT', 'new.image_number')}
        ${logged(table, 'UPDATE', 'new.image_number')}
        ${logged(table, 'DELETE', 'old.image_number')}`,
    )
    .join('')}
`
