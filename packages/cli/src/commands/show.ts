import { defineCommand } from '../command/define-command.js'
import { findImage } from '../resources/find-image.js'
import { imageRow, imageRecord } from '../resources/image.js'
import { item } from '../output/result.js'

export const show = defineCommand({
  summary: 'Show one image',
  examples: [
    { run: 'tyrax show debian-13', does: 'everything' },
    { run: 'tyrax -f value -c id show debian-13', does: 'its id' },
  ],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: {},
  columns: imageRecord,
  async run(context, { args }) {
    const cloud = await context.connect()
    return item(imageRow(await findImage(cloud, args.image, context.signal)))
  },
})
