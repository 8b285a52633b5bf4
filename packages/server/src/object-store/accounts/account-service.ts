import type { ListedContainer } from '../containers/container-record.js'
import type { ContainerRepository } from '../containers/container-repository.js'
import { type Listed, listPage, type ListingQuery } from '../listing/list-page.js'
import { mergeMetadata, type MetadataChanges } from '../metadata.js'
import { accountChanges } from '../quotas/quota-headers.js'
import type { AccountRecord } from './account-record.js'
import type { AccountRepository } from './account-repository.js'

/** The accounts and their rules. An account is created by the first request of its owner that writes to it. */
export interface AccountService {
  ensure(name: string): void
  find(name: string): AccountRecord | undefined
  /** An account that does not exist is an empty one. */
  get(name: string): AccountRecord
  /**
   * @param isReseller whether the requester may set quotas
   * @throws Refusal forbidden; invalid
   */
  update(name: string, changes: MetadataChanges, isReseller: boolean): void
  /** The account's containers, a page at a time. */
  list(name: string, query: ListingQuery): AsyncGenerator<readonly Listed<ListedContainer>[], void>
}

interface AccountServiceParts {
  readonly accounts: AccountRepository
  readonly containers: ContainerRepository
  readonly nowMs: () => number
}

export function createAccountService({ accounts, containers, nowMs }: AccountServiceParts): AccountService {
  const get = (name: string): AccountRecord => accounts.find(name) ?? { ...unused, name, createdMs: nowMs() }

  return {
    ensure(name) {
      if (!accounts.has(name)) accounts.save(name, {}, nowMs())
    },
    find: (name) => accounts.find(name),
    get,
    update(name, changes, isReseller) {
      const merged = mergeMetadata('account', get(name).metadata, accountChanges(changes, isReseller))
      accounts.save(name, merged, nowMs())
    },
    list: (name, query) => listPage(query, (bounds) => containers.scan(name, bounds)),
  }
}

const unused = { metadata: {}, containers: 0, objects: 0, bytes: 0, hadContainers: false, isStored: false }
