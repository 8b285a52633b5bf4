export type { ImageStore, ImageStoreDetail } from './image-store.js'
export type { ImageStores } from './image-stores.js'
