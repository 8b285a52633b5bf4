import { inTransaction, type Database } from '../../database/database.js'
import { createDefinitionRepository, type DefinitionRepository } from './definitions/definition-repository.js'
import { createNamespaceRepository, type NamespaceRepository } from './namespaces/namespace-repository.js'
import { createResourceTypeRepository, type ResourceTypeRepository } from './resource-types/resource-type-repository.js'

/** Where metadata definitions are kept. */
export interface MetadefStore {
  readonly namespaces: NamespaceRepository
  readonly definitions: DefinitionRepository
  readonly resourceTypes: ResourceTypeRepository
  /** Does all of the work or, if it throws, none of it. */
  atomically<T>(work: () => T): T
}

/** The metadata definitions in SQLite. */
export function createMetadefStore(db: Database): MetadefStore {
  return {
    namespaces: createNamespaceRepository(db),
    definitions: createDefinitionRepository(db),
    resourceTypes: createResourceTypeRepository(db),
    atomically: (work) => inTransaction(db, work),
  }
}
