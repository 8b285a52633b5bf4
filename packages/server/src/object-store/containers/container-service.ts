import { Refusal } from '../../refusal.js'
import { cleanAcl } from '../access/acl.js'
import { checkName } from '../address.js'
import { type Listed, listPage, type ListingQuery } from '../listing/list-page.js'
import { mergeMetadata, type MetadataChanges } from '../metadata.js'
import { checkContainerQuotas } from '../quotas/quota-headers.js'
import type { ListedObject } from '../objects/object-record.js'
import type { ObjectRepository } from '../objects/object-repository.js'
import type { ContainerRecord } from './container-record.js'
import type { ContainerRepository } from './container-repository.js'

/** The containers and their rules. */
export interface ContainerService {
  find(account: string, name: string): ContainerRecord | undefined
  /** @throws Refusal not-found */
  get(account: string, name: string): ContainerRecord
  /**
   * Creates a container or changes an existing one.
   * @returns whether it is new
   * @throws Refusal invalid
   */
  put(account: string, name: string, changes: MetadataChanges): boolean
  /** @throws Refusal not-found, invalid */
  update(account: string, name: string, changes: MetadataChanges): void
  /** @throws Refusal not-found; conflict while the container has objects */
  remove(account: string, name: string): void
  /** The container's objects, a page at a time. */
  list(account: string, name: string, query: ListingQuery): AsyncGenerator<readonly Listed<ListedObject>[], void>
}

interface ContainerServiceParts {
  readonly containers: ContainerRepository
  readonly objects: ObjectRepository
  readonly nowMs: () => number
}

export function createContainerService({ containers, objects, nowMs }: ContainerServiceParts): ContainerService {
  const get = (account: string, name: string): ContainerRecord => {
    const container = containers.find(account, name)
    if (container === undefined) throw new Refusal('not-found')
    return container
  }

  const save = (account: string, name: string, old: ContainerRecord | undefined, changes: MetadataChanges) => {
    checkContainerQuotas(changes)
    containers.save(account, name, mergeMetadata('container', old?.metadata ?? {}, changes.map(cleaned)), nowMs())
  }

  return {
    find: (account, name) => containers.find(account, name),
    get,
    put(account, name, changes) {
      const old = containers.find(account, name)
      checkName({ container: name })
      save(account, name, old, changes)
      return old === undefined
    },
    update(account, name, changes) {
      save(account, name, get(account, name), changes)
    },
    remove(account, name) {
      if (get(account, name).objects > 0) throw new Refusal('conflict')
      containers.remove(account, name)
    },
    list: (account, name, query) => listPage(query, (bounds) => objects.scan(account, name, bounds)),
  }
}

/** @throws Refusal invalid for an access list that is not one */
function cleaned([name, value]: MetadataChanges[number]): MetadataChanges[number] {
  if (value === undefined || (name !== 'x-container-read' && name !== 'x-container-write')) return [name, value]
  return [name, cleanAcl(name, value) || undefined]
}
