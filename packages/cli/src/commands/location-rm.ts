import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { noColumns } from '../output/columns.js'
import { nothing } from '../output/result.js'
import { findImage } from '../resources/find-image.js'

export const locationRm = defineCommand({
  summary: 'Remove an address from an image',
  description: 'Removes one of several addresses of the data of an image, for administrators. The last one stays.',
  examples: [{ run: 'tyrax location rm debian-13 --url http://mirror.example.org/debian-13.raw', does: 'this one' }],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: { url: option.text('--url <url>', 'the address, as `tyrax location list` shows it (required)') },
  columns: noColumns,
  check({ options }) {
    if (!options.url) throw new UsageError('tyrax location rm needs --url', { hint: 'tyrax location list IMAGE' })
  },
  async run(context, { args, options }) {
    const { signal } = context
    const { images } = await context.connect()
    const image = await findImage({ images }, args.image, signal)
    await images.locations.remove(image, options.url ?? '', { signal })
    context.note(`removed from ${image.id}`)
    return nothing
  },
})
