import { type Cloud, type ImageStore, type ImageStoreDetail, NoMatchError } from '@tyrax/sdk'
import { nearest } from '../nearest.js'
import type { Columns } from '../output/columns.js'
import type { Row } from '../output/result.js'

export const storeColumns = ['id', 'description', 'default', 'read_only'] as const

export const storeRecord: Columns = { names: [...storeColumns, 'type', 'weight', 'properties'] }

/** A store under Glance's own names. */
export function storeRow(store: ImageStore | ImageStoreDetail): Row {
  return {
    id: store.id,
    description: store.description ?? null,
    default: store.isDefault,
    read_only: store.isReadOnly,
    ...('properties' in store && {
      type: store.type ?? null,
      weight: store.weight ?? null,
      properties: store.properties,
    }),
  }
}

/**
 * Refuses a store that the cloud does not have, before anything is sent there. A cloud with a single store lists none.
 * @throws NoMatchError with the ones that it has
 */
export async function checkStores(cloud: Cloud, wanted: readonly string[], signal: AbortSignal): Promise<void> {
  if (wanted.length === 0) return
  const ids = (await cloud.images.stores.list({ signal })).map(({ id }) => id)
  const missing = wanted.find((store) => !ids.includes(store))
  if (missing !== undefined) throw unknownStore(missing, ids)
}

export function unknownStore(store: string, ids: readonly string[]): NoMatchError {
  const meant = nearest(store, ids)
  const has = ids.length === 0 ? 'it has a single one, which has no name' : `it has ${ids.join(', ')}`
  return new NoMatchError(`this cloud has no store ${JSON.stringify(store)}`, {
    hint: meant === undefined ? has : `did you mean ${meant}? ${has}`,
  })
}
