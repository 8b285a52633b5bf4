import type { Database } from '../../database/database.js'

export interface ProjectRecord {
  readonly id: string
  readonly name: string
}

export interface ProjectRepository {
  list(name?: string): ProjectRecord[]
  find(id: string): ProjectRecord | undefined
  findByName(name: string): ProjectRecord | undefined
  insert(project: ProjectRecord): void
}

export function createProjectRepository(db: Database): ProjectRepository {
  const list = db.prepare('SELECT id, name FROM identity_projects WHERE name = coalesce(?, name) ORDER BY name')
  const find = db.prepare('SELECT id, name FROM identity_projects WHERE id = ?')
  const findByName = db.prepare('SELECT id, name FROM identity_projects WHERE name = ?')
  const insert = db.prepare('INSERT INTO identity_projects (id, name) VALUES (?, ?)')
  return {
    list: (name) => list.all(name ?? null),
    find: (id) => find.get(id),
    findByName: (name) => findByName.get(name),
    insert(project) {
      insert.run(project.id, project.name)
    },
  }
}
