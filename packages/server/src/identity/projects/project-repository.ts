import type { Database } from '../../database/database.js'
import type { Attributes } from '../schema.js'

export interface ProjectRecord {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly enabled: boolean
  /** Another project, or the domain. */
  readonly parentId: string
  readonly tags: readonly string[]
  readonly options: Attributes
  /** Fields that Keystone does not know and keeps. */
  readonly extra: Attributes
}

export interface ProjectRepository {
  list(name?: string): ProjectRecord[]
  find(id: string): ProjectRecord | undefined
  findByName(name: string): ProjectRecord | undefined
  childrenOf(id: string): ProjectRecord[]
  insert(project: ProjectRecord): void
  update(project: ProjectRecord): void
  remove(id: string): void
}

export function createProjectRepository(db: Database): ProjectRepository {
  const select = 'SELECT id, name, description, enabled, parent_id, tags, options, extra FROM identity_projects'
  const list = db.prepare(`${select} WHERE name = coalesce(?, name) ORDER BY name`)
  const find = db.prepare(`${select} WHERE id = ?`)
  const findByName = db.prepare(`${select} WHERE name = ?`)
  const childrenOf = db.prepare(`${select} WHERE parent_id = ? ORDER BY name`)
  const insert = db.prepare(
    `INSERT INTO identity_projects (name, description, enabled, parent_id, tags, options, extra, id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const update = db.prepare(
    `UPDATE identity_projects
     SET name = ?, description = ?, enabled = ?, parent_id = ?, tags = ?, options = ?, extra = ? WHERE id = ?`,
  )
  const remove = db.prepare('DELETE FROM identity_projects WHERE id = ?')
  const one = (row: unknown): ProjectRecord | undefined => (row === undefined ? undefined : toRecord(row as Row))
  return {
    list: (name) => (list.all(name ?? null) as unknown as Row[]).map(toRecord),
    find: (id) => one(find.get(id)),
    findByName: (name) => one(findByName.get(name)),
    childrenOf: (id) => (childrenOf.all(id) as unknown as Row[]).map(toRecord),
    insert(project) {
      insert.run(...valuesOf(project))
    },
    update(project) {
      update.run(...valuesOf(project))
    },
    remove(id) {
      remove.run(id)
    },
  }
}

interface Row {
  id: string
  name: string
  description: string | null
  enabled: number
  parent_id: string
  tags: string
  options: string
  extra: string
}

function valuesOf(project: ProjectRecord): (string | number | null)[] {
  const { id, name, description, enabled, parentId, tags, options, extra } = project
  const json = [tags, options, extra].map((each) => JSON.stringify(each))
  return [name, description, Number(enabled), parentId, ...json, id]
}

function toRecord({ parent_id: parentId, ...row }: Row): ProjectRecord {
  return {
    ...row,
    parentId,
    enabled: row.enabled === 1,
    tags: JSON.parse(row.tags) as string[],
    options: JSON.parse(row.options) as Attributes,
    extra: JSON.parse(row.extra) as Attributes,
  }
}
