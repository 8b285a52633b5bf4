import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { diskFormatHelp, imageOptions } from '../resources/image-options.js'
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
import { splitObjectPath } from '../resources/object.js'
import { imageRow, sentImageRecord } from '../resources/image.js'
import { warnAboutProperties } from '../resources/property-warnings.js'
import { item } from '../output/result.js'

export const create = defineCommand({
  summary: 'Create an image, with data or without',
  description:
    'Creates an image. With --file or --object it returns when the image is active and its hash equals that of\n' +
    'what was sent; a failed upload leaves nothing behind. Without data it creates a queued record, for `tyrax upload`.',
  examples: [
    { run: 'tyrax create debian-13 --file debian-13.qcow2 --property os_distro=debian --tag lts', does: 'from a file' },
    { run: 'curl -L https://example.org/u.img | tyrax create u --file -', does: 'from a pipe' },
    { run: 'tyrax create u --object imgs/u.vhd --disk-format vhd', does: 'from object storage' },
    { run: 'tyrax create later --disk-format raw', does: 'a record only' },
  ],
  args: { name: ['<name>', 'name of the image'] },
  options: {
    file: option.text('--file <path|-|url>', 'the data: a file, - for standard input, or a URL'),
    object: option.text('--object <container/object>', 'the data: an object in object storage'),
    diskFormat: option.text('--disk-format <format>', `auto (the default) detects it from the data; ${diskFormatHelp}`),
    ...imageOptions,
    protected: option.flag('--protected', 'prevent deletion'),
    hidden: option.flag('--hidden', 'leave it out of default lists'),
    id: option.text('--id <uuid>', 'id of the new image (default: a random one)'),
    store: option.text('--store <store>', 'store for the data'),
    ...transferOptions,
    ...downloadOnlyOptions,
    ...sourceOptions,
    force: option.flag('--force', 'send the data even if it would be refused'),
    keepOnFailure: option.flag('--keep-on-failure', 'keep the record when the upload fails'),
  },
  columns: sentImageRecord,
  check({ options }) {
    if (options.file !== undefined && options.object !== undefined) {
      throw new UsageError('Give --file or --object, not both')
    }
    const hasData = options.file !== undefined || options.object !== undefined
    if (!hasData && options.diskFormat === 'auto') {
      throw new UsageError('--disk-format auto needs data to detect the format from', {
        hint: 'give --file, --object or a format',
      })
    }
    if (!hasData && (options.checksum !== undefined || options.decompress !== undefined)) {
      throw new UsageError('--checksum and --decompress need data', { hint: 'give --file or --object' })
    }
    if (options.size !== undefined && options.file !== '-') {
      throw new UsageError('--size is only for standard input', { hint: 'give --file -' })
    }
    if (!hasData && options.store !== undefined) {
      throw new UsageError('--store needs data to store', { hint: 'give --file or --object' })
    }
  },
  async run(context, { args, options }) {
    noteDownloadOnly(context, options)
    const source =
      options.file === undefined ? undefined : sourceOfFile(context, options.file, { urls: true, size: options.size })
    const object = options.object === undefined ? undefined : splitObjectPath('--object', options.object)
    const cloud = await context.connect()
    await warnAboutProperties(context, cloud, options.property)
    const hasData = source !== undefined || object !== undefined
    const display = hasData ? context.progress(args.name) : undefined
    const image = await cloud.images.create(
      withoutUndefined({
        name: args.name,
        data: source,
        container: object?.container,
        obj: object?.object,
        diskFormat: options.diskFormat ?? (hasData ? 'auto' : null),
        containerFormat: options.containerFormat,
        properties: options.property,
        tags: options.tag,
        visibility: options.visibility,
        minDisk: options.minDisk,
        minRam: options.minRam,
        protected: options.protected,
        osHidden: options.hidden,
        id: options.id,
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
        onProgress: display?.report.bind(display),
      }),
    )
    display?.done()
    noteSource(context, image)
    noteVerdict(context, image, image.verdict)
    return item({ ...imageRow(image), ...sourceRow(image) })
  },
})
