import type { StoreResult, WaitedImage } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import { exitCodes } from '../failure/exit-codes.js'
import type { ItemResult, Row } from '../output/result.js'

/** The columns that an import adds to those of an image. */
export const importedColumns = ['store_results', 'task_id'] as const

/** What became of an import, in addition to the image's own fields. */
export function importedRow({ storeResults, task }: Pick<WaitedImage, 'storeResults' | 'task'>): Row {
  return {
    ...(storeResults && {
      store_results: Object.fromEntries(storeResults.map(({ store, status }) => [store, status])),
    }),
    ...(task && { task_id: task.id }),
  }
}

/** The record, with the exit code for a partial success when some of its stores failed; they are named on stderr. */
export function importedItem(context: Context, row: Row, storeResults: readonly StoreResult[] | undefined): ItemResult {
  const failed = (storeResults ?? []).filter(({ status }) => status === 'failure')
  if (failed.length === 0) return { kind: 'item', row }
  context.warn(`the import failed for ${failed.map(({ store }) => store).join(', ')}; the image is in its other stores`)
  return { kind: 'item', row, exitCode: exitCodes.partial }
}
