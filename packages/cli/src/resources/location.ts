import type { ImageLocation } from '@tyrax/sdk'
import type { Row } from '../output/result.js'

export const locationColumns = ['url', 'store'] as const

export const locationRecord = { names: [...locationColumns, 'metadata'] }

export function locationRow({ url, metadata }: ImageLocation): Row {
  return { url, store: metadata['store'] ?? null, metadata }
}
