import { defineCommand } from '../command/define-command.js'
import { list } from '../output/result.js'
import { findImage } from '../resources/find-image.js'

export const tagList = defineCommand({
  summary: 'List the tags of an image',
  examples: [{ run: 'tyrax tag list debian-13 -f value', does: 'one a line' }],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: {},
  prints: 'list',
  columns: { names: ['name'] },
  async run(context, { args }) {
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, context.signal)
    return list(
      image.tags.map((name) => ({ name })),
      ['name'],
    )
  },
})
