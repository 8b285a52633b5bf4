import { inspectSource, UsageError } from '@tyrax/sdk'
import { nodePlatform } from '@tyrax/sdk/internal'
import type { Context } from '../command/context.js'
import { defineCommand } from '../command/define-command.js'
import { option } from '../command/option.js'
import { exitCodes } from '../failure/exit-codes.js'
import { type Subject, subjectOf } from '../input/sources.js'
import { item, type Row } from '../output/result.js'
import { findImage } from '../resources/find-image.js'
import { autoDiskFormats } from '../resources/image-options.js'
import { inspectionRecord, inspectionRow, isRefused } from '../resources/inspection.js'

type Found = { readonly row: Row; readonly isFine: boolean }

export const inspect = defineCommand({
  summary: 'Inspect a disk image: format, virtual size, safety',
  description:
    'Reads at most 2 MiB of a file, a URL or an image in the cloud, and reports its format, the size of its disk, other\n' +
    'files it refers to, and whether the image service would refuse it. If a name is both a file and an image, the file\n' +
    'is inspected. With --check, the exit code is 6 for what `tyrax create` and `tyrax upload` would refuse.',
  examples: [
    { run: 'tyrax inspect debian-13.qcow2', does: 'what is this file?' },
    { run: 'tyrax inspect --check upload.img && tyrax create u --file upload.img', does: 'only if it is safe' },
    { run: 'tyrax inspect -f json https://example.org/debian-13.qcow2', does: 'a URL, for scripts' },
    { run: 'tyrax inspect --image debian-13', does: 'an image in the cloud' },
  ],
  args: { what: ['<file|image|url>', 'a path, - for standard input, a URL, or the id or name of an image'] },
  options: {
    image: option.flag('--image', 'inspect an image in the cloud, even if a file has the same name'),
    check: option.flag('--check', 'exit with code 6 if it would be refused'),
    diskFormat: option.text(
      '--disk-format <format>',
      'check a file or URL against this declared format (default: auto)',
      autoDiskFormats,
    ),
    hash: option.texts('--hash <algorithm>', 'read all of it and print this hash: sha256, sha512, …; repeat for more', [
      'sha256',
      'sha512',
      'sha384',
      'sha1',
      'md5',
    ]),
  },
  columns: inspectionRecord,
  check({ args, options }) {
    if (args.what === '-' && options.hash) {
      throw new UsageError('Only the beginning of standard input is read, so it cannot be hashed', {
        hint: 'save it to a file first',
      })
    }
  },
  async run(context, { args, options }) {
    const { hash: algorithms = [] } = options
    await checkAlgorithms(algorithms)
    const subject = await subjectOf(context, args.what, options.image ?? false)
    const { row, isFine } =
      'image' in subject
        ? await inspectOnCloud(context, subject.image, algorithms)
        : await inspectHere(context, subject, algorithms, options.diskFormat)
    return { ...item(row), exitCode: options.check && !isFine ? exitCodes.integrity : exitCodes.ok }
  },
})

async function inspectHere(
  context: Context,
  subject: Exclude<Subject, { image: string }>,
  algorithms: readonly string[],
  diskFormat: string | undefined,
): Promise<Found> {
  const { signal } = context
  const { label } = subject
  const found = await inspectSource(subject.open(), { signal, diskFormat })
  const row = { file: label, ...inspectionRow(found) }
  const isFine = found.safety.safe && !isRefused(found)
  if (algorithms.length === 0) return { row, isFine }
  const source = subject.open()
  const display = await context.progress(label)
  try {
    let bytes = 0
    const total = found.sizeBytes
    const hashes = await hashData(source.open({ signal }), algorithms, (count) => {
      bytes += count
      display.report({ phase: 'verify', bytes, total })
    })
    display.done()
    return { row: { ...row, hashes }, isFine }
  } finally {
    await source.close?.()
  }
}

async function inspectOnCloud(context: Context, name: string, algorithms: readonly string[]): Promise<Found> {
  const { signal } = context
  const cloud = await context.connect()
  const { id } = await findImage(cloud, name, signal)
  const found = await cloud.images.inspect(id, { signal })
  const { image, safety } = found
  const row = {
    id: image.id,
    name: image.name,
    ...inspectionRow(found),
    declared_disk_format: image.diskFormat,
    os_hash_algo: image.osHashAlgo,
    os_hash_value: image.osHashValue,
  }
  const isFine = safety.safe && !isRefused(found)
  if (algorithms.length === 0) return { row, isFine }
  const display = await context.progress(image.name ?? id)
  const { stream } = await cloud.images.download(id, { signal, onProgress: display.report })
  const hashes = await hashData(stream, algorithms, () => {})
  display.done()
  return { row: { ...row, hashes }, isFine }
}

/** @throws UsageError for an unknown algorithm */
async function checkAlgorithms(algorithms: readonly string[]): Promise<void> {
  for (const algorithm of algorithms) {
    if (await nodePlatform.supports(algorithm)) continue
    throw new UsageError(`unknown --hash algorithm ${JSON.stringify(algorithm)}`, {
      hint: 'use sha256, sha512, md5 or another that OpenSSL supports',
    })
  }
}

/** Digests of the same bytes in lower-case hex, by algorithm. */
async function hashData(
  data: AsyncIterable<Uint8Array>,
  algorithms: readonly string[],
  onBytes: (count: number) => void,
): Promise<Readonly<Record<string, string>>> {
  const hash = await nodePlatform.createHash(algorithms)
  try {
    for await (const chunk of data) {
      await hash.update(chunk)
      onBytes(chunk.byteLength)
    }
    return await hash.digest()
  } finally {
    hash.dispose()
  }
}
