import { NoMatchError, isNotFound } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { forEach } from '../command/for-each.js'
import { nothing } from '../output/result.js'
import { noColumns } from '../output/columns.js'

export const rm = defineCommand({
  summary: 'Delete images',
  description: 'Deletes images. If some cannot be deleted, the others still are, and the exit code is 9.',
  examples: [
    { run: 'tyrax rm debian-12', does: 'one, by name' },
    { run: 'tyrax list --tag ci -f id | xargs tyrax rm', does: 'all with a tag' },
  ],
  args: { images: ['<images...>', 'ids or names'] },
  options: { ifExists: option.flag('--if-exists', 'ignore images that do not exist') },
  columns: noColumns,
  async run(context, { args, options }) {
    const { signal } = context
    const cloud = await context.connect()
    await forEach(context, args.images, async (reference) => {
      try {
        const image = await cloud.images.find(reference, { signal })
        await cloud.images.delete(image, { signal })
        context.note(`deleted ${image.id} ${image.name ?? ''}`.trimEnd())
      } catch (error) {
        const isAbsent = error instanceof NoMatchError || isNotFound(error)
        if (!isAbsent || !options.ifExists) throw error
        context.note(`${reference} does not exist`)
      }
    })
    return nothing
  },
})
