import { isReadOnly, type StoreConfig } from '../../config/cloud-config.js'

/** Whether the cloud has a store of this name. */
export function hasStore(stores: readonly StoreConfig[], id: string): boolean {
  return stores.some((store) => store.id === id)
}

/** The stores that an import into all stores fills, in the order in which the cloud lists them. */
export function writableStores(stores: readonly StoreConfig[]): string[] {
  return stores.filter((store) => !isReadOnly(store)).map((store) => store.id)
}

/** @throws Error when the store refuses new data */
export function requireWritable(stores: readonly StoreConfig[], id: string | null): void {
  const store = stores.find((each) => each.id === id)
  if (store !== undefined && isReadOnly(store)) throw new Error('Adding images to store is disabled.')
}
