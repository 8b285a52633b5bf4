import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { sourceOfFile } from '../input/sources.js'
import { item } from '../output/result.js'
import { findImage } from '../resources/find-image.js'
import { imageRow, sentImageRecord } from '../resources/image.js'
import { autoDiskFormats, diskFormatHelp } from '../resources/image-options.js'
import { noteSource, noteWarning, sourceRow, warnDamaged } from '../transfer/notes.js'
import { givenSourceOptions, givenTimeouts, sourceOptions } from '../transfer/options.js'

export const stage = defineCommand({
  summary: "Send data to the server's staging area, to import it later",
  description:
    'Sends data to a queued image without storing it yet. `tyrax import IMAGE --method glance-direct` brings it into one\n' +
    'or several stores. The server computes no hash before that; the number of bytes is compared.',
  examples: [
    { run: 'tyrax stage later --file disk.qcow2', does: 'send it' },
    { run: 'tyrax import later --method glance-direct --all-stores --wait', does: 'then import it into every store' },
  ],
  args: { image: ['<image>', 'id or name of a queued image'] },
  options: {
    file: option.text('--file <path|->', 'the data, or - for standard input (required)'),
    diskFormat: option.text(
      '--disk-format <format>',
      `for an image without one: auto (the default); ${diskFormatHelp}`,
      autoDiskFormats,
    ),
    limitRate: option.rate(
      '--limit-rate <rate>',
      'limit in bytes per second, such as 500k, 10M or 1G (default: no limit)',
    ),
    ...sourceOptions,
    force: option.flag('--force', 'send the data even if it would be refused'),
  },
  columns: sentImageRecord,
  check({ options }) {
    if (options.file === undefined)
      throw new UsageError('tyrax stage needs --file', { hint: '--file PATH, or --file -' })
  },
  async run(context, { args, options }) {
    const { signal } = context
    const source = sourceOfFile(context, options.file ?? '', { urls: false, size: options.size })
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, signal)
    const display = await context.progress(image.name ?? image.id)
    const { image: staged, ...result } = await cloud.images.stage(
      image,
      source,
      withoutUndefined({
        diskFormat: options.diskFormat,
        limitRate: options.limitRate,
        force: options.force,
        timeouts: givenTimeouts(context.globals),
        ...givenSourceOptions(context, options),
        onWarning: noteWarning(context),
        onDamaged: warnDamaged(context),
        onProgress: display.report,
        signal,
      }),
    )
    display.done()
    noteSource(context, result)
    context.note(`staged ${result.bytes} bytes; to import them: tyrax import ${staged.id} --method glance-direct`)
    return item({ ...imageRow(staged), ...sourceRow(result) })
  },
})
