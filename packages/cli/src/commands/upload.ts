import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { noteSource, noteVerdict, noteWarning, sourceRow, warnDamaged } from '../transfer/notes.js'
import { sourceOfFile } from '../input/sources.js'
import {
  givenSourceOptions,
  givenTimeouts,
  noteDownloadOnly,
  sourceOptions,
  transferOptions,
  downloadOnlyOptions,
} from '../transfer/options.js'
import { findImage } from '../resources/find-image.js'
import { imageRow, sentImageRecord } from '../resources/image.js'
import { item } from '../output/result.js'

export const upload = defineCommand({
  summary: 'Send data to an image that has none',
  examples: [
    { run: 'tyrax upload later --file disk.raw', does: 'fill a queued image' },
    { run: 'zcat disk.raw.gz | tyrax upload later --file -', does: 'from a pipe' },
  ],
  args: { image: ['<image>', 'id or name of a queued image'] },
  options: {
    file: option.text('--file <path|->', 'the data, or - for standard input (required)'),
    store: option.text('--store <store>', 'store for the data'),
    ...transferOptions,
    ...downloadOnlyOptions,
    ...sourceOptions,
    force: option.flag('--force', 'send the data even if it would be refused'),
    keepOnFailure: option.toggle('--keep-on-failure', 'keep the record when the upload fails (default: yes)'),
  },
  columns: sentImageRecord,
  check({ options }) {
    if (options.file === undefined)
      throw new UsageError('tyrax upload needs --file', { hint: '--file PATH, or --file -' })
  },
  async run(context, { args, options }) {
    noteDownloadOnly(context, options)
    const source = sourceOfFile(context, options.file ?? '', { urls: false, size: options.size })
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, context.signal)
    const display = await context.progress(image.name ?? image.id)
    const { image: uploaded, ...result } = await cloud.images.upload(
      image,
      source,
      withoutUndefined({
        store: options.store,
        force: options.force,
        onWarning: noteWarning(context),
        ...givenSourceOptions(context, options),
        limitRate: options.limitRate,
        requireVerified: options.requireVerified,
        timeouts: givenTimeouts(context.globals),
        keepOnFailure: options.keepOnFailure,
        signal: context.signal,
        onDamaged: warnDamaged(context),
        onProgress: display.report,
      }),
    )
    display.done()
    noteSource(context, result)
    noteVerdict(context, uploaded, result.verdict)
    return item({ ...imageRow(uploaded), ...sourceRow(result) })
  },
})
