import { NoMatchError } from '@tyrax/sdk'
import { looksLikeId } from '@tyrax/sdk/internal'
import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'
import { findImage } from '../resources/find-image.js'

export const cacheRm = defineCommand({
  summary: 'Remove images from the cache and its queue',
  examples: [{ run: 'tyrax cache rm debian-12', does: 'its copy; the image itself stays' }],
  args: { images: ['<images...>', 'ids, names, or beginnings of ids'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    await forEach(context, args.images, async (reference) => {
      const id = await findImage(cloud, reference, signal).then(
        (image) => image.id,
        (error: unknown) => {
          // A copy may have outlived its image.
          if (error instanceof NoMatchError && looksLikeId(reference)) return reference
          throw error
        },
      )
      await cloud.images.cache.remove(id, { signal })
      context.note(`removed ${id} from the cache`)
    })
    return nothing
  },
})
