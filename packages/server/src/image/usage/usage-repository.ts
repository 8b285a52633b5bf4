import { inTransaction, type Database } from '../../database/database.js'

/** What the images of one project take. */
export interface UsageRepository {
  /** The images that are not deleted. */
  imageCount(project: string): number
  /** The bytes of all images, once for each of their locations. */
  storedBytes(project: string): number
  /** The bytes of the images that are being imported or copied, which are in the staging area. */
  stagedBytes(project: string): number
  /** The images that are being uploaded, imported or copied. */
  uploadingCount(project: string): number
}

/**
 * Keeps the sums of each project current with every change of an image or a location, so that reading them costs the
 * same for any number of images (glance/db/sqlalchemy/api.py `user_get_storage_usage` and its siblings). The sums are in
 * a temporary table: only a cloud with such quotas keeps them, and each start counts once.
 */
export function createUsageRepository(db: Database): UsageRepository {
  inTransaction(db, () => {
    db.exec(sums)
  })
  const sum = db.prepare('SELECT images, bytes FROM project_usage WHERE project = ?')
  const inFlight =
    db.prepare(`SELECT count(*) AS images, coalesce(sum(CASE WHEN i.status <> 'saving' THEN i.size END), 0)
    AS bytes FROM images i WHERE i.deleted = 0 AND i.os_hidden IN (0, 1) AND i.status IN ('saving', 'uploading', 'importing')
    AND +i.owner = ?`)
  const copied = db.prepare(`SELECT count(*) AS images, coalesce(sum(i.size), 0) AS bytes
    FROM image_properties p CROSS JOIN images i ON i.id = p.image_id
    WHERE p.name = 'os_glance_importing_to_stores' AND p.value > '' AND i.owner = ? AND i.deleted = 0
      AND i.status NOT IN ('saving', 'uploading', 'importing')`)
  const read = (statement: typeof sum, project: string) =>
    (statement.get(project) as { images: number; bytes: number } | undefined) ?? { images: 0, bytes: 0 }
  return {
    imageCount: (project) => read(sum, project).images,
    storedBytes: (project) => read(sum, project).bytes,
    stagedBytes: (project) => read(inFlight, project).bytes + read(copied, project).bytes,
    uploadingCount: (project) => read(inFlight, project).images + read(copied, project).images,
  }
}

/** The locations of a row of `images` that is called `image` here. */
const copies = (image: string) => `(SELECT count(*) FROM image_locations WHERE image_id = ${image}.id)`

/** Adds to a project's sums; `sign` is + or -. */
const add = (image: string, sign: string) => `
  INSERT INTO project_usage (project, images, bytes)
    SELECT ${image}.owner, ${sign}1, ${sign}coalesce(${image}.size, 0) * ${copies(image)}
    WHERE ${image}.deleted = 0 AND ${image}.owner IS NOT NULL
    ON CONFLICT (project) DO UPDATE SET images = images + excluded.images, bytes = bytes + excluded.bytes;`

const addCopy = (location: string, sign: string) => `
  INSERT INTO project_usage (project, images, bytes)
    SELECT owner, 0, ${sign}size FROM images
    WHERE id = ${location}.image_id AND deleted = 0 AND owner IS NOT NULL AND size > 0
    ON CONFLICT (project) DO UPDATE SET bytes = bytes + excluded.bytes;`

const sums = `
  CREATE TEMP TABLE project_usage (project TEXT PRIMARY KEY, images INTEGER NOT NULL, bytes INTEGER NOT NULL)
    WITHOUT ROWID;
  INSERT INTO project_usage
    SELECT owner, count(*), sum(coalesce(size, 0) * ${copies('i')})
    FROM images i WHERE deleted = 0 AND owner IS NOT NULL GROUP BY owner;
  CREATE TEMP TRIGGER usage_of_new_images AFTER INSERT ON images BEGIN ${add('NEW', '+')} END;
  CREATE TEMP TRIGGER usage_of_changed_images AFTER UPDATE OF owner, size, deleted ON images
    WHEN OLD.owner IS NOT NEW.owner OR OLD.size IS NOT NEW.size OR OLD.deleted <> NEW.deleted
    BEGIN ${add('OLD', '-')} ${add('NEW', '+')} END;
  CREATE TEMP TRIGGER usage_of_new_locations AFTER INSERT ON image_locations BEGIN ${addCopy('NEW', '+')} END;
  CREATE TEMP TRIGGER usage_of_old_locations AFTER DELETE ON image_locations BEGIN ${addCopy('OLD', '-')} END;
`
