import { UsageError } from '@tyrax/sdk'
import { defineCommand } from '../command/define-command.js'
import { option, withoutUndefined } from '../command/option.js'
import { autoDiskFormats, diskFormatHelp, givenImageFields, imageOptions } from '../resources/image-options.js'
import { noteSource, noteVerdict, noteWarning, sourceRow, warnDamaged } from '../transfer/notes.js'
import { checkSize, dataOptions, givenData } from '../transfer/image-data.js'
import {
  givenSourceOptions,
  givenTimeouts,
  noteDownloadOnly,
  sourceOptions,
  transferOptions,
  downloadOnlyOptions,
} from '../transfer/options.js'
import { imageRow, sentImageRecord } from '../resources/image.js'
import { projectDomain, projectId } from '../resources/member.js'
import { warnAboutProperties } from '../resources/property-warnings.js'
import { item } from '../output/result.js'
import { importedColumns } from '../transfer/imported.js'

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
    ...dataOptions,
    diskFormat: option.text(
      '--disk-format <format>',
      `auto (the default) detects it from the data; ${diskFormatHelp}`,
      autoDiskFormats,
    ),
    ...imageOptions,
    protected: option.flag('--protected', 'prevent deletion'),
    hidden: option.flag('--hidden', 'leave it out of default lists'),
    id: option.text('--id <uuid>', 'id of the new image (default: a random one)'),
    owner: option.text('--owner <project>', 'the project that owns it, by id or name (administrators)'),
    ...projectDomain,
    import: option.flag('--import', 'let the server import the data of --file from its staging area'),
    volume: option.text('--volume <volume>', 'the data: a volume, by id or name, on a cloud with block storage'),
    signKeyPath: option.text('--sign-key-path <file>', 'private key to sign the data with, for --file with a path'),
    signCertId: option.text('--sign-cert-id <id>', "id of the key's certificate in the cloud's key manager"),
    uri: option.text('--uri <url>', 'the server downloads the data from there'),
    store: option.texts('--store <store>', 'store for the data; with --import or --uri, repeat for more'),
    allStores: option.flag('--all-stores', 'with --import or --uri: every store of the cloud'),
    allowPartial: option.flag('--allow-partial', 'success when at least one store has the data (exit code 9)'),
    ...transferOptions,
    ...downloadOnlyOptions,
    ...sourceOptions,
    force: option.flag('--force', 'send the data even if it would be refused'),
    keepOnFailure: option.flag('--keep-on-failure', 'keep the record when the upload fails'),
  },
  columns: { ...sentImageRecord, names: [...sentImageRecord.names, ...importedColumns] },
  check({ options }) {
    if (options.file !== undefined && options.object !== undefined) {
      throw new UsageError('Give --file or --object, not both')
    }
    checkImport(options)
    checkVolume(options)
    const { file, object, uri, volume } = options
    const hasData = [file, object, uri, volume].some((each) => each !== undefined)
    if (!hasData && options.diskFormat === 'auto') {
      throw new UsageError('--disk-format auto needs data to detect the format from', {
        hint: 'give --file, --object or a format',
      })
    }
    if (!hasData && (options.checksum !== undefined || options.decompress !== undefined)) {
      throw new UsageError('--checksum and --decompress need data', { hint: 'give --file or --object' })
    }
    checkSize(options)
    if (!hasData && options.store !== undefined) {
      throw new UsageError('--store needs data to store', { hint: 'give --file or --object' })
    }
  },
  async run(context, { args, options }) {
    noteDownloadOnly(context, options)
    const given = givenData(context, options)
    const cloud = await context.connect()
    await warnAboutProperties(context, cloud, options.property)
    const { owner, diskFormat, projectDomain: domain } = options
    const fields = withoutUndefined({
      name: args.name,
      ...givenImageFields(options),
      tags: options.tag,
      protected: options.protected,
      osHidden: options.hidden,
      id: options.id,
      owner: owner === undefined ? undefined : await projectId(cloud, owner, context.signal, domain),
      signal: context.signal,
    })
    const sending = withoutUndefined({
      ...givenSourceOptions(context, options),
      force: options.force,
      limitRate: options.limitRate,
      timeouts: givenTimeouts(context.globals),
      keepOnFailure: options.keepOnFailure,
    })
    if (options.volume !== undefined) {
      const { createFromVolume } = await import('./create-from-volume.js')
      const { volume, force } = options
      return createFromVolume(context, cloud, fields, { volume, force, diskFormat })
    }
    if (options.import || options.uri !== undefined) {
      const { createImported } = await import('./create-imported.js')
      const { uri, store: stores, allStores, allowPartial } = options
      const imported = { source: given.data, uri, stores, allStores, allowPartial }
      return createImported(context, cloud, fields, imported, withoutUndefined({ ...sending, diskFormat }))
    }
    const isSigned = options.signKeyPath !== undefined
    const sign = isSigned ? await (await import('../input/signing-key.js')).signingOf(context, options) : undefined
    const hasData = given.data !== undefined || given.container !== undefined
    const display = hasData ? await context.progress(args.name) : undefined
    // An address or an object may take its time before its first bytes can be inspected.
    display?.report({ phase: 'inspect', bytes: 0 })
    const image = await cloud.images.create(
      withoutUndefined({
        ...fields,
        ...sending,
        ...given,
        diskFormat: diskFormat ?? (hasData ? 'auto' : null),
        store: options.store?.[0],
        sign,
        onWarning: noteWarning(context),
        requireVerified: options.requireVerified,
        onDamaged: warnDamaged(context),
        onProgress: display?.report,
      }),
    )
    display?.done()
    noteSource(context, image)
    noteVerdict(context, image, image.verdict)
    return item({ ...imageRow(image), ...sourceRow(image) })
  },
})

interface DataFlags {
  readonly volume?: string | undefined
  readonly signKeyPath?: string | undefined
  readonly signCertId?: string | undefined
  readonly checksum?: string | undefined
  readonly diskFormat?: string | undefined
}

/** @throws UsageError for what cannot be done with a volume, or signed */
function checkVolume(options: DataFlags & ImportFlags): void {
  const { volume, file, object, uri, signKeyPath, signCertId, checksum, diskFormat, store } = options
  const isSigned = signKeyPath !== undefined || signCertId !== undefined
  if (isSigned && (signKeyPath ?? '') === '') throw new UsageError('--sign-cert-id needs --sign-key-path')
  if (isSigned && (signCertId ?? '') === '') throw new UsageError('--sign-key-path needs --sign-cert-id')
  if (isSigned && ((file === undefined && object === undefined) || file === '-' || options.import)) {
    throw new UsageError('only data that is read twice can be signed', { hint: 'give --file PATH or --object' })
  }
  if (volume === undefined) return
  if ((file ?? object ?? uri) !== undefined || options.import) {
    throw new UsageError('Give --volume or other data, not both')
  }
  if (store !== undefined || options.allStores || checksum !== undefined || diskFormat === 'auto') {
    throw new UsageError('--store, --checksum and --disk-format auto are not for --volume: the cloud copies the data')
  }
}

interface ImportFlags {
  readonly import?: boolean | undefined
  readonly uri?: string | undefined
  readonly file?: string | undefined
  readonly object?: string | undefined
  readonly store?: readonly string[] | undefined
  readonly allStores?: boolean | undefined
  readonly allowPartial?: boolean | undefined
}

/** @throws UsageError for what only an import can do, or cannot */
function checkImport(options: ImportFlags): void {
  const { uri, file, object, store = [], allStores, allowPartial } = options
  const isImport = options.import === true || uri !== undefined
  if (uri !== undefined && (file ?? object) !== undefined) {
    throw new UsageError('Give --uri, --file or --object, not several')
  }
  if (object !== undefined && isImport) throw new UsageError('--import is for --file, and --object is read from here')
  if (isImport && uri === undefined && file === undefined) {
    throw new UsageError('--import needs data', { hint: 'give --file PATH, or --uri URL' })
  }
  if (!isImport && (store.length > 1 || allStores)) {
    throw new UsageError('an upload reaches one store', { hint: '--import reaches several' })
  }
  if (store.length > 0 && allStores) throw new UsageError('Give --store or --all-stores, not both')
  if (allowPartial && store.length === 0 && !allStores) {
    throw new UsageError('--allow-partial is about several stores', { hint: 'add --store or --all-stores' })
  }
}
