import path from 'node:path'
import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { checksumOf, checksumOptions, transferOptions } from '../transfer/options.js'
import { sourceRow, warnDamaged } from '../transfer/notes.js'
import { item, nothing } from '../output/result.js'
import { refuseTerminal, writeBytes } from '../transfer/to-stdout.js'
import { findImage } from '../resources/find-image.js'

const unverifiable = 'unverifiable: the size is right, but the server published no hash to compare with'

export const download = defineCommand({
  summary: "Download an image's data, verified",
  description:
    'Downloads the data of an image. A file gets its name only after its hash was compared; until then it is FILE.part.\n' +
    'An interrupted download resumes, within this run or in the next one, if the store supports ranges.\n' +
    'On standard output the hash is compared after the last byte: if it differs, the exit code is 6.',
  examples: [
    { run: 'tyrax download debian-13 --output debian-13.qcow2', does: 'to a file' },
    { run: 'tyrax download debian-13 --output - | gzip > d.gz', does: 'into a pipe' },
  ],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: {
    output: option.text('-o, --output <file|->', 'the file to write, or - for standard output (required)'),
    resume: option.toggle(
      '--resume',
      'resume from FILE.part of an earlier run, and keep it for the next one (default)',
    ),
    concurrency: option.integer('--concurrency <n>', 'number of connections, when writing to a file (default: 1)', {
      min: 1,
      max: 32,
    }),
    prefer: option.texts('--prefer <store>', 'store to read from; repeat for more, the most preferred first'),
    ...transferOptions,
    ...checksumOptions,
    force: option.flag('--force', 'replace an existing file'),
    keepOnFailure: option.toggle('--keep-on-failure', 'keep FILE.part for the next run when this one fails (default)'),
  },
  columns: { names: ['id', 'name', 'path', 'bytes', 'verdict', 'decompressed', 'source_checksum'] },
  check({ options }) {
    if (options.resume === false && options.keepOnFailure === true) {
      throw new UsageError('Give --no-resume or --keep-on-failure, not both: without resuming, nothing is kept')
    }
    if (!options.output) {
      throw new UsageError('tyrax download needs --output', { hint: '--output FILE, or --output - for a pipe' })
    }
  },
  async run(context, { args, options }) {
    const { signal } = context
    const output = options.output ?? ''
    if (output === '-') refuseTerminal(context)
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, signal)
    const display = await context.progress(image.name ?? image.id)
    const onProgress = display.report
    const { resume, concurrency, limitRate, requireVerified, prefer } = options
    const checksum = options.checksum === undefined ? undefined : checksumOf(context, options.checksum)
    const transfer = { signal, onProgress, resume, concurrency, limitRate, requireVerified, checksum, prefer }
    if (output === '-') {
      const { stream, image: had } = await cloud.images.download(image.id, transfer)
      await writeBytes(context, stream)
      display.done()
      if (!had.osHashValue && !had.checksum) context.note(unverifiable)
      return nothing
    }
    const to = path.resolve(context.cwd, output)
    const {
      path: file,
      bytes,
      verdict,
      sourceChecksum,
    } = await cloud.images.download(image.id, {
      ...transfer,
      to,
      overwrite: options.force ?? false,
      keepOnFailure: options.keepOnFailure,
      onDamaged: warnDamaged(context),
    })
    display.done()
    return item({ id: image.id, name: image.name, path: file, bytes, ...sourceRow({ verdict, sourceChecksum }) })
  },
})
