import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'

export const deactivate = defineCommand({
  summary: 'Block downloads of images',
  description:
    'Blocks downloads of the data of active images, for everyone but administrators. Repeating it is no error.',
  examples: [{ run: 'tyrax deactivate debian-12', does: 'nobody starts a server from it any more' }],
  args: { images: ['<images...>', 'ids or names'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    await forEach(context, args.images, async (reference) => {
      const image = await cloud.images.find(reference, { signal })
      await cloud.images.deactivate(image, { signal })
      context.note(`deactivated ${image.id} ${image.name ?? ''}`.trimEnd())
    })
    return nothing
  },
})
