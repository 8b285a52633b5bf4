import { type ChecksumLike, fromFile, type Timeouts } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import type { Globals } from '../command/globals.js'
import { option } from '../command/option.js'
import { pathOf, sourceOfFile } from '../input/sources.js'

/** The options of every command that transfers an image's data. */
export const transferOptions = {
  limitRate: option.rate(
    '--limit-rate <rate>',
    'limit in bytes per second, such as 500k, 10M or 1G (default: no limit)',
  ),
  requireVerified: option.flag('--require-verified', 'fail when the server has no hash to compare with'),
} as const

/**
 * Options of downloads that scripts may pass to every transfer. Uploads accept them, but do not list them in their
 * help.
 */
export const downloadOnlyOptions = {
  resume: { ...option.toggle('--resume', 'only for downloads'), hidden: true },
  concurrency: { ...option.integer('--concurrency <n>', 'only for downloads', { min: 1, max: 32 }), hidden: true },
} as const

/** Reports which of {@link downloadOnlyOptions} were passed but have no effect. */
export function noteDownloadOnly(
  context: Context,
  { resume, concurrency }: { readonly resume?: boolean | undefined; readonly concurrency?: number | undefined },
): void {
  if (resume === true)
    context.note('--resume has no effect: Glance keeps no partial upload, so an interrupted one starts over')
  if (concurrency !== undefined && concurrency > 1) {
    context.note(`--concurrency ${concurrency} has no effect: Glance takes an image over one connection`)
  }
}

/**
 * The timeouts that flags set, for an upload. Includes only those that were passed: by default an upload waits longer
 * for its response than other requests do.
 */
export function givenTimeouts({ idleTimeout, headersTimeout }: Globals): Partial<Timeouts> {
  return {
    ...(idleTimeout === undefined ? {} : { idleTimeoutMs: idleTimeout }),
    ...(headersTimeout === undefined ? {} : { headersTimeoutMs: headersTimeout }),
  }
}

/** The option of all commands that transfer data. */
export const checksumOptions = {
  checksum: option.text(
    '--checksum <algorithm:hex|list>',
    'checksum published for the file, compressed or not: sha256:…, or a file or URL like SHA256SUMS',
  ),
} as const

/** The options of commands that send data, about how it is read. */
export const sourceOptions = {
  ...checksumOptions,
  size: option.size(
    '--size <size>',
    'exact size of standard input, such as 1048576 or 2G, announced to the server; any other size is an error',
    { least: 0 },
  ),
  decompress: option.toggle('--decompress', 'decompress gzip, xz, zstd and bzip2 while sending (default: yes)'),
} as const

/** The values of these flags, in the form that the SDK takes. */
export function givenSourceOptions(
  context: Context,
  { checksum, decompress }: { readonly checksum?: string | undefined; readonly decompress?: boolean | undefined },
) {
  return {
    sourceChecksum: checksum === undefined ? undefined : checksumOf(context, checksum),
    decompress: decompress === false ? (false as const) : undefined,
  }
}

/** A file is recognised by its path, or by a preceding `file:`: it is neither a URL nor `algorithm:hex`. */
export function checksumOf(context: Context, text: string): ChecksumLike {
  if (/^https?:\/\//i.test(text)) return sourceOfFile(context, text, { urls: true })
  // A single letter before the colon is a drive.
  const isValue = /^(?!file:)[a-z0-9-]{2,}:/i.test(text) || /^[0-9a-f]{32,}$/i.test(text) || text === ''
  return isValue ? text : fromFile(pathOf(context, text))
}
