import { defineCommand } from '../command/define-command.js'
import { item } from '../output/result.js'

export const cachePrune = defineCommand({
  summary: 'Reduce the cache to its configured size',
  description: 'Removes the copies read longest ago until the rest fits. Needs v2.18 of the image API.',
  examples: [{ run: 'tyrax cache prune', does: 'and print what was removed' }],
  args: {},
  options: {},
  columns: { names: ['files', 'bytes'] },
  async run(context) {
    const cloud = await context.connect()
    const { files, bytes } = await cloud.images.cache.prune({ signal: context.signal })
    return item({ files, bytes })
  },
})
