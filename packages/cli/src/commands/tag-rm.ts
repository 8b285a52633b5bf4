import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'

export const tagRm = defineCommand({
  summary: 'Remove tags from an image',
  examples: [{ run: 'tyrax tag rm debian-13 lts', does: 'one tag' }],
  args: { image: ['<image>', 'id or name'], tags: ['<tags...>', 'tags'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    const image = await cloud.images.find(args.image, { signal })
    await forEach(context, args.tags, async (tag) => {
      await cloud.images.tags.remove(image, tag, { signal })
    })
    return nothing
  },
})
