import { type Command, defineCommand } from '../command/define-command.js'
import { forEach } from '../command/for-each.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'

export const deactivate = change('deactivate', {
  summary: 'Block downloads of images',
  description:
    'Blocks downloads of the data of active images, for everyone but administrators. Repeating it is no error.',
  does: 'no new server can be started from it',
})

export const reactivate = change('reactivate', {
  summary: 'Allow downloads of deactivated images again',
  does: 'the reverse of `tyrax deactivate`',
})

interface Help {
  readonly summary: string
  readonly description?: string
  /** Of the example. */
  readonly does: string
}

function change(verb: 'deactivate' | 'reactivate', { does, ...help }: Help): Command {
  return defineCommand({
    ...help,
    examples: [{ run: `tyrax ${verb} debian-12`, does }],
    args: { images: ['<images...>', 'ids or names'] },
    options: {},
    columns: noColumns,
    async run(context, { args }) {
      const { signal } = context
      const cloud = await context.connect()
      await forEach(context, args.images, async (reference) => {
        const image = await cloud.images.find(reference, { signal })
        await cloud.images[verb](image, { signal })
        context.note(`${verb}d ${image.id} ${image.name ?? ''}`.trimEnd())
      })
      return nothing
    },
  })
}
