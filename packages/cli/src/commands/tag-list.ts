import { defineCommand } from '../command/define-command.js'
import { list } from '../output/result.js'

export const tagList = defineCommand({
  summary: 'List the tags of an image',
  examples: [{ run: 'tyrax tag list debian-13 -f value', does: 'one a line' }],
  args: { image: ['<image>', 'id or name'] },
  options: {},
  columns: { names: ['name'] },
  async run(context, { args }) {
    const cloud = await context.connect()
    const image = await cloud.images.find(args.image, { signal: context.signal })
    return list(
      image.tags.map((name) => ({ name })),
      ['name'],
    )
  },
})
