import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'

export const tagAdd = defineCommand({
  summary: 'Add tags to an image',
  examples: [{ run: 'tyrax tag add debian-13 lts stable', does: 'two tags' }],
  args: { image: ['<image>', 'id or name'], tags: ['<tags...>', 'tags'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    const image = await cloud.images.find(args.image, { signal })
    await forEach(context, args.tags, async (tag) => {
      await cloud.images.tags.add(image, tag, { signal })
    })
    return nothing
  },
})
