import { changeImages } from '../bulk/change-images.js'
import { bulkImages, bulkOptions, bulkRecord } from '../bulk/options.js'
import { type Command, defineCommand } from '../command/define-command.js'
import { imageRow } from '../resources/image.js'

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
    args: { images: bulkImages },
    options: bulkOptions,
    prints: 'list',
    columns: bulkRecord,
    run(context, { args, options }) {
      const { signal } = context
      return changeImages(context, { references: args.images, options, prints: 'asked' }, ({ images }) => ({
        action: verb,
        done: `${verb}d`,
        async act(image) {
          await images[verb](image, { signal })
          return imageRow({ ...image, status: verb === 'deactivate' ? 'deactivated' : 'active' })
        },
      }))
    },
  })
}
