import { defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'

export const reactivate = defineCommand({
  summary: 'Allow downloads of deactivated images again',
  examples: [{ run: 'tyrax reactivate debian-12', does: 'the reverse of `tyrax deactivate`' }],
  args: { images: ['<images...>', 'ids or names'] },
  options: {},
  columns: noColumns,
  async run(context, { args }) {
    const { signal } = context
    const cloud = await context.connect()
    await forEach(context, args.images, async (reference) => {
      const image = await cloud.images.find(reference, { signal })
      await cloud.images.reactivate(image, { signal })
      context.note(`reactivated ${image.id} ${image.name ?? ''}`.trimEnd())
    })
    return nothing
  },
})
