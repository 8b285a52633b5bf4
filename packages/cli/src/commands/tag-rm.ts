import { changeImages } from '../bulk/change-images.js'
import { bulkImage, bulkOptions, bulkRecord } from '../bulk/options.js'
import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { imageRow } from '../resources/image.js'

export const tagRm = defineCommand({
  summary: 'Remove tags from an image',
  examples: [{ run: 'tyrax tag rm debian-13 lts', does: 'one tag' }],
  args: { image: bulkImage, tags: ['<tags...>', 'tags'] },
  options: bulkOptions,
  prints: 'list',
  columns: bulkRecord,
  run(context, { args, options }) {
    const { signal } = context
    return changeImages(context, { references: [args.image], options, prints: 'asked' }, ({ images }) => ({
      action: 'remove tags from',
      async act(image) {
        await forEach(context, args.tags, (tag) => images.tags.remove(image, tag, { signal }))
        return imageRow({ ...image, tags: image.tags.filter((tag) => !args.tags.includes(tag)) })
      },
    }))
  },
})
