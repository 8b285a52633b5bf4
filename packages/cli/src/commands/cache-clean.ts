import { defineCommand } from '../command/define-command.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'

export const cacheClean = defineCommand({
  summary: 'Remove failed and stalled copies from the cache',
  examples: [{ run: 'tyrax cache clean', does: 'needs v2.18 of the image API' }],
  args: {},
  options: {},
  columns: noColumns,
  async run(context) {
    const cloud = await context.connect()
    await cloud.images.cache.clean({ signal: context.signal })
    context.note('cleaned the cache')
    return nothing
  },
})
