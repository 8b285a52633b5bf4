import { changeImages } from '../bulk/change-images.js'
import { bulkImages, bulkOptions, bulkRecord } from '../bulk/options.js'
import { defineCommand } from '../command/define-command.js'

export const cacheQueue = defineCommand({
  summary: 'Queue images for the cache',
  description: 'Queues active images; the image service then copies them into its cache by itself.',
  examples: [{ run: 'tyrax cache queue debian-13 ubuntu-24.04', does: 'two images' }],
  args: { images: bulkImages },
  options: { dryRun: bulkOptions.dryRun, concurrency: bulkOptions.concurrency },
  prints: 'list',
  columns: bulkRecord,
  run(context, { args, options }) {
    const { signal } = context
    const how = {
      references: args.images,
      options: { ...options, yes: true },
      scope: 'visible',
      prints: 'asked',
    } as const
    return changeImages(context, { ...how, asks: false }, ({ images }) => ({
      action: 'queue',
      done: 'queued',
      async act(image) {
        await images.cache.queue(image, { signal })
        return undefined
      },
    }))
  },
})
