import { conflict, couldNotFind } from './errors.js'

interface NamedRecord {
  readonly id: string
}

interface NamedRepository<R extends NamedRecord> {
  find(id: string): R | undefined
  findByName(name: string): R | undefined
}

/** The rules of records of which no two have the same name. */
export interface NamedRecords<R extends NamedRecord> {
  /** @throws not-found */
  readonly find: (id: string) => R
  /**
   * @param id that of the record that is to have the name
   * @param reason of the refusal. @default that the name exists
   * @throws conflict
   */
  readonly requireUnusedName: (name: string, id: string, reason?: string) => void
}

export function namedRecords<R extends NamedRecord>(type: string, repository: NamedRepository<R>): NamedRecords<R> {
  return {
    find(id) {
      const record = repository.find(id)
      if (record === undefined) throw couldNotFind(type, id)
      return record
    },
    requireUnusedName(name, id, reason = `Duplicate entry found with name ${name}`) {
      if ((repository.findByName(name)?.id ?? id) !== id) throw conflict(type, reason)
    },
  }
}
