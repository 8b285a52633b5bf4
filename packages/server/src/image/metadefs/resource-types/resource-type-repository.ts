import type { Database } from '../../../database/database.js'

/** A type of resource. Times are microseconds since 1970. */
export interface ResourceTypeRecord {
  readonly name: string
  readonly created_at: number
  /** Null when it came with the service. */
  readonly updated_at: number | null
}

/** That a namespace is meant for a type of resource. */
export interface AssociationRecord extends ResourceTypeRecord {
  readonly prefix: string | null
  readonly properties_target: string | null
}

export interface ResourceTypeRepository {
  /** All types, the oldest first. */
  list(): ResourceTypeRecord[]
  isKnown(name: string): boolean
  /** The associations of a namespace, the oldest first. */
  associations(namespaceId: number): AssociationRecord[]
  findAssociation(namespaceId: number, name: string): AssociationRecord | undefined
  /** Creates the type as well, if it is new. */
  associate(namespaceId: number, association: AssociationRecord): void
  /** The type stays. */
  dissociate(namespaceId: number, name: string): void
}

/** The types of resources in SQLite. */
export function createResourceTypeRepository(db: Database): ResourceTypeRepository {
  const list = db.prepare('SELECT name, created_at, updated_at FROM metadef_resource_types ORDER BY id')
  const known = db.prepare('SELECT id FROM metadef_resource_types WHERE name = ?')
  const ofNamespace = `
    SELECT t.name, a.prefix, a.properties_target, a.created_at, a.updated_at
    FROM metadef_associations AS a JOIN metadef_resource_types AS t ON t.id = a.resource_type_id
    WHERE a.namespace_id = ?`
  const associations = db.prepare(`${ofNamespace} ORDER BY a.id`)
  const association = db.prepare(`${ofNamespace} AND t.name = ?`)
  const insertType = db.prepare(
    'INSERT INTO metadef_resource_types (name, created_at, updated_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const insert = db.prepare(`
    INSERT INTO metadef_associations (namespace_id, resource_type_id, prefix, properties_target, created_at, updated_at)
    SELECT ?, id, ?, ?, ?, ? FROM metadef_resource_types WHERE name = ?`)
  const remove = db.prepare(`
    DELETE FROM metadef_associations WHERE namespace_id = ?
    AND resource_type_id = (SELECT id FROM metadef_resource_types WHERE name = ?)`)
  return {
    list: () => list.all(),
    isKnown: (name) => known.get(name) !== undefined,
    associations: (namespaceId) => associations.all(namespaceId),
    findAssociation: (namespaceId, name) => association.get(namespaceId, name),
    associate(namespaceId, { name, prefix, properties_target, created_at, updated_at }) {
      insertType.run(name, created_at, updated_at)
      insert.run(namespaceId, prefix, properties_target, created_at, updated_at, name)
    },
    dissociate(namespaceId, name) {
      remove.run(namespaceId, name)
    },
  }
}
