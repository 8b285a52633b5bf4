import { changeImages } from '../bulk/change-images.js'
import { bulkImage, bulkOptions, bulkRecord } from '../bulk/options.js'
import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { imageRow } from '../resources/image.js'

export const tagAdd = defineCommand({
  summary: 'Add tags to an image',
  examples: [{ run: 'tyrax tag add debian-13 lts stable', does: 'two tags' }],
  args: { image: bulkImage, tags: ['<tags...>', 'tags'] },
  options: bulkOptions,
  prints: 'list',
  columns: bulkRecord,
  run(context, { args, options }) {
    const { signal } = context
    return changeImages(context, { references: [args.image], options, prints: 'asked' }, ({ images }) => ({
      action: 'add tags to',
      async act(image) {
        await forEach(context, args.tags, (tag) => images.tags.add(image, tag, { signal }))
        return imageRow({ ...image, tags: [...new Set([...image.tags, ...args.tags])] })
      },
    }))
  },
})
