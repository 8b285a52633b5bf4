import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'

export const cacheQueue = defineCommand({
  summary: 'Queue images for the cache',
  description: 'Queues active images; the image service then copies them into its cache by itself.',
  examples: [{ run: 'tyrax cache queue debian-13 ubuntu-24.04', does: 'two images' }],
  args: { images: ['<images...>', 'ids or names'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    await forEach(context, args.images, async (reference) => {
      const image = await cloud.images.find(reference, { signal })
      await cloud.images.cache.queue(image, { signal })
      context.note(`queued ${image.id}`)
    })
    return nothing
  },
})
