import { defineCommand } from '../command/define-command.js'
import { list } from '../output/result.js'
import { cacheColumns, cacheRecord, cacheRows } from '../resources/cache.js'

export const cacheList = defineCommand({
  summary: 'List cached and queued images',
  description: 'Lists the images that the image service has a copy of, and those queued for it. For administrators.',
  examples: [{ run: 'tyrax cache list', does: 'what is cached, and how often it was used' }],
  args: {},
  options: {},
  prints: 'list',
  columns: cacheRecord,
  async run(context) {
    const cloud = await context.connect()
    return list(cacheRows(await cloud.images.cache.list({ signal: context.signal })), cacheColumns)
  },
})
