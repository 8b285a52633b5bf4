import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { exitCodes } from '../failure/exit-codes.js'
import { checkSize, dataOptions, givenData } from '../transfer/image-data.js'
import { imageRow, sentImageRecord } from '../resources/image.js'
import { autoDiskFormats, diskFormatHelp, givenImageFields, imageOptions } from '../resources/image-options.js'
import { noteSource, noteVerdict, noteWarning, sourceRow, warnDamaged } from '../transfer/notes.js'
import { givenSourceOptions, givenTimeouts, sourceOptions, transferOptions } from '../transfer/options.js'

export const ensure = defineCommand({
  summary: 'Create an image, unless it is there with the same data',
  description:
    "Makes sure that the project's image of this name has this data. Where it has, only the given fields that differ are\n" +
    'changed; otherwise the image is created, verified, and then takes the place of the one that had the name, which is\n' +
    'hidden: servers that were booted from it keep it, and the name finds only the new one. Any number of runs at once\n' +
    'make one image. `outcome` is created, unchanged, updated or replaced.',
  examples: [
    { run: 'tyrax ensure debian-13 --file debian-13.qcow2', does: 'from a file' },
    {
      run: 'tyrax ensure debian-13 --file https://example.org/debian-13.qcow2 --checksum https://example.org/SHA512SUMS',
      does: 'from an address, which is fetched only when its published hash differs',
    },
    { run: 'tyrax ensure nightly --file nightly.qcow2 --keep 3', does: 'with three older ones, hidden' },
    { run: 'tyrax ensure debian-13 --file debian-13.qcow2 --dry-run -f value -c outcome', does: 'only look' },
  ],
  args: { name: ['<name>', 'name of the image'] },
  options: {
    ...dataOptions,
    dryRun: option.flag('--dry-run', 'print what would be done, and change nothing'),
    replace: option.choice('--replace <how>', 'what becomes of an image of this name with other data (default: hide)', [
      'hide',
      'rename',
      'deactivate',
      'delete',
    ]),
    keep: option.integer('--keep <n>', 'keep that number of hidden images of this name, and delete older ones'),
    diskFormat: option.text(
      '--disk-format <format>',
      `auto (the default) detects it from the data; ${diskFormatHelp}`,
      autoDiskFormats,
    ),
    ...imageOptions,
    protected: option.toggle('--protected', 'prevent deletion'),
    store: option.text('--store <store>', 'store for the data'),
    ...transferOptions,
    ...sourceOptions,
    force: option.flag('--force', 'send the data even if it would be refused'),
  },
  columns: {
    ...sentImageRecord,
    names: ['outcome', 'reason', ...sentImageRecord.names, 'bytes', 'replaced'],
    types: { replaced: ['array'] },
  },
  check({ options }) {
    if ((options.file === undefined) === (options.object === undefined)) {
      throw new UsageError('tyrax ensure needs --file or --object, one of them')
    }
    checkSize(options)
  },
  async run(context, { args, options }) {
    const given = givenData(context, options)
    const cloud = await context.connect()
    const display = options.dryRun ? undefined : await context.progress(args.name)
    const params = withoutUndefined({
      name: args.name,
      ...given,
      replace: options.replace,
      keep: options.keep,
      diskFormat: options.diskFormat,
      ...givenImageFields(options),
      tags: options.tag,
      protected: options.protected,
      store: options.store,
      force: options.force,
      ...givenSourceOptions(context, options),
      limitRate: options.limitRate,
      requireVerified: options.requireVerified,
      timeouts: givenTimeouts(context.globals),
      signal: context.signal,
      onWarning: noteWarning(context),
      onDamaged: warnDamaged(context),
      onProgress: display?.report.bind(display),
    })
    if (options.dryRun) {
      const { outcome, reason, existing, replaces } = await cloud.images.planEnsure(params)
      const replaced = replaces.map(({ id, name }) => ({ id, name, outcome: options.replace ?? 'hide' }))
      return { kind: 'item', row: { outcome, reason, id: existing?.id ?? null, name: args.name, replaced } }
    }
    const ensured = await cloud.images.ensure(params)
    display?.done()
    const { outcome, reason, image, verdict, bytes, replaced } = ensured
    noteSource(context, ensured)
    context.note(`${outcome}: ${reason}`)
    if (bytes > 0) noteVerdict(context, image, verdict)
    const kept = replaced.filter((each) => each.outcome === 'kept')
    for (const { id, reason: why = '' } of kept) context.warn(`the image ${id} still has the name: ${why}`)
    const row = { outcome, reason, ...imageRow(image), ...sourceRow(ensured), bytes, replaced }
    return { kind: 'item', row, ...(kept.length > 0 && { exitCode: exitCodes.partial }) }
  },
})
