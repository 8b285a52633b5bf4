import { option } from '../command/option.js'
import type { Columns } from '../output/columns.js'
import { imageRecord } from '../resources/image.js'

/** The options of commands that change several images. */
export const bulkOptions = {
  dryRun: option.flag('--dry-run', 'only show which images would be changed'),
  yes: option.flag('-y, --yes', 'do not ask before images that a selector selects are changed'),
  concurrency: option.integer('--concurrency <n>', 'that number of images at a time (default 4)', { min: 1, max: 64 }),
} as const

/** How the help of these commands describes their images. */
export const bulkImages = ['<images...>', 'ids, names, beginnings of ids, or selectors'] as const
export const bulkImage = ['<image>', 'id, name, beginning of an id, or a selector'] as const

/** What images and what became of them. */
export const bulkRecord: Columns = {
  names: [...imageRecord.names, 'action', 'result', 'error'],
  properties: 'known',
  // An image that was not found has only its name.
  isWhole: false,
  types: { id: ['string', 'null'], action: ['string'], result: ['string'], error: ['object'] },
}
