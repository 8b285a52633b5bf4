import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { sourceOfFile } from '../input/sources.js'
import { objectRecord, objectRow, splitObjectPath } from '../resources/object.js'
import { item } from '../output/result.js'

export const objectPut = defineCommand({
  summary: 'Store a file of any size as an object',
  description:
    'Stores a file as an object and compares its hash with what the server stored. A file larger than one segment is\n' +
    'stored as segments in CONTAINER_segments and reads as one object. Segments left by an earlier run are compared and\n' +
    'not sent again; a run that fails or is interrupted removes its own.',
  examples: [
    { run: 'tyrax object put imgs/u.vhd --file u.vhd', does: 'from a file' },
    { run: 'tar c . | tyrax object put backups/today.tar --file -', does: 'from a pipe' },
    {
      run: 'tyrax object put imgs/u.raw --file u.raw --segment-size 500M --keep-on-failure',
      does: 'over an unreliable connection',
    },
  ],
  args: { object: ['<container/object>', 'name of the object'] },
  options: {
    file: option.text('--file <path|->', 'the data, or - for standard input (required)'),
    contentEncoding: option.text(
      '--content-encoding <coding>',
      'encoding that the data already has, such as gzip; the data is stored unchanged',
    ),
    segmentSize: option.size('--segment-size <size>', 'size of a segment, such as 500M or 2G (default: 1G)'),
    segmented: option.toggle(
      '--segmented',
      'store it in segments, or never (default: if it is larger than one segment)',
    ),
    segmentContainer: option.text(
      '--segment-container <name>',
      'container for the segments (default: CONTAINER_segments)',
    ),
    concurrency: option.integer('--concurrency <n>', 'segments to send at once (default: 4)', { min: 1, max: 32 }),
    resume: option.toggle('--resume', 'reuse segments of an earlier run (default)'),
    keepOnFailure: option.flag('--keep-on-failure', 'keep what was sent for the next run when this one fails'),
  },
  columns: { names: ['container', ...objectRecord.names, 'large', 'segments', 'resumed_segments', 'resumed_bytes'] },
  check({ options }) {
    if (options.file === undefined) {
      throw new UsageError('tyrax object put needs --file', { hint: '--file PATH, or --file -' })
    }
  },
  async run(context, { args, options }) {
    const { container, object } = splitObjectPath('object put', args.object)
    const source = sourceOfFile(context, options.file ?? '', { urls: false })
    const cloud = await context.connect()
    const display = await context.progress(object)
    const {
      contentEncoding,
      segmentSize: segmentSizeBytes,
      segmented,
      segmentContainer,
      concurrency,
      resume,
      keepOnFailure,
    } = options
    const stored = await cloud.objects.put(
      container,
      object,
      source,
      withoutUndefined({
        contentEncoding,
        segmentSizeBytes,
        segmented,
        segmentContainer,
        concurrency,
        resume,
        keepOnFailure,
        signal: context.signal,
        onProgress: display.report,
      }),
    )
    display.done()
    const { segmentCount, resumedSegments, resumedBytes, leftSegments } = stored
    if (resumedSegments > 0) context.note(`resumed: ${resumedSegments} of ${segmentCount} segments were there already`)
    if (leftSegments.length > 0) {
      context.note(`segments of the replaced object could not be deleted: ${leftSegments.join(', ')}`)
    }
    return item({
      container,
      ...objectRow(stored),
      large: stored.large ?? null,
      segments: segmentCount,
      resumed_segments: resumedSegments,
      resumed_bytes: resumedBytes,
    })
  },
})
