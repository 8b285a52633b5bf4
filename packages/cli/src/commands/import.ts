import { type ImportOptions, UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { sourceOfFile } from '../input/sources.js'
import { stillFollows } from '../failure/again.js'
import { item } from '../output/result.js'
import { findImage } from '../resources/find-image.js'
import { imageRow, sentImageRecord } from '../resources/image.js'
import { autoDiskFormats, diskFormatHelp } from '../resources/image-options.js'
import { checkStores } from '../resources/store.js'
import { checkSize } from '../transfer/image-data.js'
import { importedColumns, importedItem, importedRow } from '../transfer/imported.js'
import { noteSource, noteVerdict, noteWarning, sourceRow, warnDamaged } from '../transfer/notes.js'
import { givenSourceOptions, givenTimeouts, sourceOptions } from '../transfer/options.js'

export const importCommand = defineCommand({
  summary: 'Let the server import data into an image',
  description:
    'Brings data into a queued image, or copies an active one to other stores. Without --via and --method it takes the\n' +
    'best way that the cloud offers, reports which and why, and takes another one when the server refuses. An address is\n' +
    'looked at first, so that no error page becomes an image. Without --wait, `tyrax wait` follows the import.\n' +
    'The exit code is 9 when some of the stores failed and --allow-partial was given.',
  examples: [
    { run: 'tyrax import debian-13 --uri https://example.org/debian-13.qcow2 --wait', does: 'from an address' },
    { run: 'tyrax import debian-13 --file debian-13.qcow2 --all-stores --wait', does: 'into every store' },
    { run: 'tyrax import debian-13 --method glance-direct', does: 'what was staged before' },
    { run: 'tyrax import debian-13 --method copy-image --store archive --wait', does: 'a copy in another store' },
  ],
  args: { image: ['<image>', 'id, name, or the beginning of an id'] },
  options: {
    via: option.choice('--via <way>', 'the way to take (default: auto)', ['auto', 'web', 'direct', 'upload']),
    method: option.text(
      '--method <method>',
      "the server's method: glance-direct, web-download, copy-image, glance-download",
    ),
    uri: option.text('--uri <url>', 'the address of the data'),
    file: option.text('--file <path|->', 'the data, or - for standard input, instead of an address'),
    store: option.texts('--store <store>', 'store for the data; repeat for more'),
    allStores: option.flag('--all-stores', 'every store of the cloud'),
    allowPartial: option.flag('--allow-partial', 'success when at least one store has the data (exit code 9)'),
    wait: option.toggle('--wait', 'wait until the import has ended (default: no)'),
    timeout: option.duration('--timeout <time>', 'longest wait, such as 30s, 10m or 2h (default: none)'),
    preflight: option.toggle('--preflight', 'look at the address before the server downloads it (default: yes)'),
    diskFormat: option.text(
      '--disk-format <format>',
      `for an image without one: auto (the default); ${diskFormatHelp}`,
      autoDiskFormats,
    ),
    region: option.text('--region <region>', 'for glance-download: the region that has the image'),
    remoteImage: option.text('--remote-image <id>', 'for glance-download: the id of the image there'),
    remoteInterface: option.choice('--remote-interface <interface>', 'for glance-download: the endpoint to use', [
      'public',
      'internal',
      'admin',
    ]),
    limitRate: option.rate('--limit-rate <rate>', 'limit in bytes per second for data that is sent from here'),
    ...sourceOptions,
    force: option.flag('--force', 'import the data even if it would be refused'),
  },
  columns: {
    ...sentImageRecord,
    names: [...sentImageRecord.names, 'via', 'method', 'reason', ...importedColumns],
  },
  check({ options }) {
    if (options.uri !== undefined && options.file !== undefined) {
      throw new UsageError('Give --uri or --file, not both')
    }
    if (options.uri === undefined && options.file === undefined && options.method === undefined) {
      throw new UsageError('tyrax import needs to know what to import', {
        hint: '--uri URL, --file PATH, or a --method: glance-direct for staged data, copy-image, glance-download',
      })
    }
    if (options.store !== undefined && options.allStores) throw new UsageError('Give --store or --all-stores, not both')
    if (options.allowPartial && options.store === undefined && !options.allStores) {
      throw new UsageError('--allow-partial is about several stores', { hint: 'add --store or --all-stores' })
    }
    if (options.timeout !== undefined && options.wait !== true) {
      throw new UsageError('--timeout is only for --wait', { hint: 'add --wait' })
    }
    checkSize(options)
    const isRemote = options.method === 'glance-download'
    if (!isRemote && (options.region ?? options.remoteImage ?? options.remoteInterface) !== undefined) {
      throw new UsageError('--region, --remote-image and --remote-interface are for --method glance-download')
    }
  },
  async run(context, { args, options }) {
    const { signal } = context
    const { file, uri, timeout, wait = false } = options
    const source = file === undefined ? undefined : sourceOfFile(context, file, { urls: false, size: options.size })
    const cloud = await context.connect()
    const image = await findImage(cloud, args.image, signal)
    await checkStores(cloud, options.store ?? [], signal)
    const display = await context.progress(image.name ?? image.id)
    let isFollowed = false
    const given: ImportOptions = withoutUndefined({
      via: options.via,
      method: options.method,
      uri,
      source,
      stores: options.store,
      allStores: options.allStores,
      allStoresMustSucceed: options.allowPartial ? false : undefined,
      glanceRegion: options.region,
      glanceImageId: options.remoteImage,
      glanceServiceInterface: options.remoteInterface,
      diskFormat: options.diskFormat,
      preflight: options.preflight,
      wait,
      timeoutMs: timeout === 0 ? undefined : timeout,
      force: options.force,
      limitRate: options.limitRate,
      timeouts: givenTimeouts(context.globals),
      ...givenSourceOptions(context, options),
      onWarning: noteWarning(context),
      onDamaged: warnDamaged(context),
      onProgress: display.report,
      onPoll() {
        if (!isFollowed)
          context.note(`the server imports it, even if this is stopped; to follow: tyrax wait ${image.id}`)
        isFollowed = true
      },
      signal,
    })
    const result = await cloud.images.import(image, given).catch((error: unknown) => {
      if (isFollowed) stillFollows(error, context.globals, image.id)
      throw error
    })
    display.done()
    for (const refused of result.refused) context.note(`${refused.via} did not work: ${refused.reason}`)
    context.note(`${result.via ?? result.method ?? 'import'}: ${result.reason}`)
    noteSource(context, result)
    const { via = null, method = null, reason } = result
    const row = { ...imageRow(result.image), ...sourceRow(result), via, method, reason, ...importedRow(result) }
    if (!result.isDone) {
      context.note(`the server imports it now; to follow: tyrax wait ${image.id}`)
      return item(row)
    }
    if (result.via !== 'web' && !result.isConverted) noteVerdict(context, result.image, result.verdict)
    if (result.isConverted) context.note('converted: the server stored the data in another format')
    return importedItem(context, row, result.storeResults)
  },
})
