import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { sourceOfFile } from '../images/source-of-file.js'
import { splitObjectPath } from '../objects/object-path.js'
import { objectRow } from '../objects/object-row.js'
import { item } from '../output/result.js'

export const objectPut = defineCommand({
  summary: 'Store a file as an object',
  examples: [
    { run: 'tyrax object put imgs/u.vhd --file u.vhd', does: 'from a file' },
    { run: 'tar c . | tyrax object put backups/today.tar --file -', does: 'from a pipe' },
  ],
  args: { object: ['<container/object>', 'where to'] },
  options: { file: option.text('--file <path|->', 'the data, or - for standard input (required)') },
  check({ options }) {
    if (options.file === undefined) {
      throw new UsageError('tyrax object put needs --file', { hint: '--file PATH, or --file -' })
    }
  },
  async run(context, { args, options }) {
    const { container, object } = splitObjectPath('object put', args.object)
    const source = sourceOfFile(context, options.file ?? '', { urls: false })
    const cloud = await context.connect()
    const display = context.progress(object)
    const stored = await cloud.objects.put(container, object, source, {
      signal: context.signal,
      onProgress: display.report.bind(display),
    })
    display.done()
    return item({ container, ...objectRow(stored) })
  },
})
