import type { Database } from '../../database/database.js'
import type { ImageRecord } from './image-record.js'

/**
 * The rows of an image in a table of what it is labelled with. They repeat what lists are ordered by, so that the images
 * with a label are found in order, its number, and whether the image is hidden.
 */
export interface LabelRows {
  insert(image: ImageRecord): void
  /** Writes only what differs. */
  update(before: ImageRecord, after: ImageRecord): void
}

export function createTagRows(db: Database): LabelRows {
  const add = db.prepare(`INSERT INTO image_tags (image_id, value, image_hidden, image_created_at, image_number)
     VALUES (?1, ?2, ?3, ?4, (SELECT number FROM images WHERE id = ?1))`)
  const remove = db.prepare('DELETE FROM image_tags WHERE image_id = ? AND value = ?')
  const hide = db.prepare('UPDATE image_tags SET image_hidden = ? WHERE image_id = ?')
  const insert = (image: ImageRecord, tags: Iterable<string>) => {
    for (const tag of tags) add.run(image.id, tag, Number(image.os_hidden), image.created_at)
  }
  return {
    insert: (image) => insert(image, image.tags),
    update(before, after) {
      const [old, wanted] = [new Set(before.tags), new Set(after.tags)]
      for (const tag of old) if (!wanted.has(tag)) remove.run(after.id, tag)
      if (before.os_hidden !== after.os_hidden) hide.run(Number(after.os_hidden), after.id)
      insert(
        after,
        [...wanted].filter((tag) => !old.has(tag)),
      )
    },
  }
}

export function createPropertyRows(db: Database): LabelRows {
  const add = db.prepare(
    `INSERT INTO image_properties (image_id, name, value, image_hidden, image_created_at, image_number)
     VALUES (?1, ?2, ?3, ?4, ?5, (SELECT number FROM images WHERE id = ?1))`,
  )
  const remove = db.prepare('DELETE FROM image_properties WHERE image_id = ? AND name = ?')
  const hide = db.prepare('UPDATE image_properties SET image_hidden = ? WHERE image_id = ?')
  const insert = (image: ImageRecord, properties: Iterable<readonly [string, string]>) => {
    for (const [name, value] of properties) add.run(image.id, name, value, Number(image.os_hidden), image.created_at)
  }
  return {
    insert: (image) => insert(image, Object.entries(image.properties)),
    update(before, after) {
      const [old, wanted] = [new Map(Object.entries(before.properties)), new Map(Object.entries(after.properties))]
      for (const [name, value] of old) if (wanted.get(name) !== value) remove.run(after.id, name)
      if (before.os_hidden !== after.os_hidden) hide.run(Number(after.os_hidden), after.id)
      insert(
        after,
        [...wanted].filter(([name, value]) => old.get(name) !== value),
      )
    },
  }
}

/** Keeps what the members of an image repeat of it, when a PATCH changes that. */
export function createMemberRows(db: Database): Pick<LabelRows, 'update'> {
  const show = db.prepare('UPDATE image_members SET image_shared_hidden = ? WHERE image_id = ?')
  const shared = (image: ImageRecord) => (image.visibility === 'shared' ? Number(image.os_hidden) : null)
  return {
    update(before, after) {
      if (shared(before) !== shared(after)) show.run(shared(after), after.id)
    },
  }
}
