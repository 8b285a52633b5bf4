import { shown } from '../../errors/shown.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { shownUrl } from '../../transport/redact.js'
import type { ImportOptions, ImportVia } from './import-options.js'

const vias: readonly unknown[] = ['auto', 'web', 'direct', 'upload']

/** Methods that are a way of `via` when the data is given with them. */
export const viaOfMethod: Readonly<Record<string, ImportVia>> = { 'web-download': 'web', 'glance-direct': 'direct' }

/** Refuses what cannot work, before anything is sent. @throws UsageError */
export function checkImport(options: ImportOptions): void {
  const { via, method, uri, source, stores, allStores, allStoresMustSucceed, glanceRegion, glanceImageId } = options
  if (via !== undefined && !vias.includes(via)) {
    throw new UsageError(`via is ${shown(via)}: it is auto, web, direct or upload`)
  }
  if (method !== undefined && via !== undefined && via !== 'auto' && viaOfMethod[method] !== via) {
    throw new UsageError(`via ${via} and the method ${method} contradict each other`, { hint: 'leave out one of them' })
  }
  if (uri !== undefined && source !== undefined) {
    throw new UsageError('the data is given twice, by its address and as a source', { hint: 'leave out one of them' })
  }
  if (uri !== undefined) checkAddress(uri)
  if (stores?.length === 0)
    throw new UsageError('no stores are named', { hint: "leave stores out for the cloud's own" })
  if (stores !== undefined && new Set(stores).size < stores.length) {
    throw new UsageError(`a store is named twice: ${stores.join(', ')}`)
  }
  if (stores !== undefined && allStores) {
    throw new UsageError('stores and allStores contradict each other', { hint: 'name the stores, or take all of them' })
  }
  if (allStoresMustSucceed !== undefined && stores === undefined && !allStores) {
    throw new UsageError('allStoresMustSucceed is about several stores, and none is named', {
      hint: 'add stores or allStores',
    })
  }
  if ((via === 'web' || method === 'web-download') && uri === undefined) {
    throw new UsageError('web-download needs the address of the data', { hint: "uri: 'https://…'" })
  }
  if (method === 'glance-download' && (glanceRegion === undefined || glanceImageId === undefined)) {
    throw new UsageError('glance-download needs the region and the id of the image to fetch', {
      hint: 'glanceRegion and glanceImageId',
    })
  }
  if (method !== 'glance-download' && (glanceRegion ?? glanceImageId ?? options.glanceServiceInterface) !== undefined) {
    throw new UsageError('glanceRegion, glanceImageId and glanceServiceInterface are for the method glance-download')
  }
  if (method === 'copy-image' && stores === undefined && !allStores) {
    throw new UsageError('copy-image needs the stores to copy to', { hint: 'stores or allStores' })
  }
  if (method !== undefined && viaOfMethod[method] === undefined && (uri ?? source) !== undefined) {
    throw new UsageError(`the method ${method} takes no data`, { hint: 'leave out uri and source' })
  }
  if (method === undefined && uri === undefined && source === undefined) {
    throw new UsageError('there is nothing to import', {
      hint: 'give uri or source, or a method: glance-direct for staged data, copy-image, glance-download',
    })
  }
}

function checkAddress(uri: string | URL): void {
  const text = String(uri)
  if (!URL.canParse(text)) throw new UsageError(`${shownUrl(text)} is not a URL`)
  const { protocol } = new URL(text)
  if (protocol === 'http:' || protocol === 'https:') return
  throw new UsageError(`${protocol} URLs are not supported`, {
    hint: 'use http or https; for a file, give it as a source',
  })
}
