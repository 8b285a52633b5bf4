import { type ChecksumLike, fromFile, type Timeouts } from '@tyrax/sdk'
import type { Context } from '../command/context.js'
import type { Globals } from '../command/globals.js'
import { option } from '../command/option.js'
import { pathOf, sourceOfFile } from '../input/sources.js'

/** The options that every command has which moves an image's data, beside those of every command. */
export const transferOptions = {
  limitRate: option.rate('--limit-rate <rate>', 'most bytes per second, such as 500k, 10M or 1G (default: no limit)'),
  requireVerified: option.flag('--require-verified', 'fail when the server has no hash to compare with'),
} as const

/** What a script may give to every transfer alike, and an upload cannot do. */
export const wholeOptions = {
  resume: option.toggle('--resume', 'Glance keeps no half upload: what breaks off starts over (for downloads)'),
  concurrency: option.integer('--concurrency <n>', 'Glance takes an image in one piece: none (for downloads)', {
    min: 1,
    max: 32,
  }),
} as const

/** Says plainly what the flags do not do. */
export function noteWhole(
  context: Context,
  { resume, concurrency }: { readonly resume?: boolean | undefined; readonly concurrency?: number | undefined },
): void {
  if (resume === true) context.note('--resume: Glance keeps no half upload, so that what breaks off starts over')
  if (concurrency !== undefined && concurrency > 1) {
    context.note(`--concurrency ${concurrency}: Glance takes an image in one piece, over one connection`)
  }
}

/**
 * The limits that flags set, for an upload. Only what was given: without it an upload waits longer for its answer than
 * other requests do.
 */
export function givenTimeouts({ idleTimeout, headersTimeout }: Globals): Partial<Timeouts> {
  return {
    ...(idleTimeout === undefined ? {} : { idleTimeoutMs: idleTimeout }),
    ...(headersTimeout === undefined ? {} : { headersTimeoutMs: headersTimeout }),
  }
}

/** The option of all commands that move data. */
export const checksumOptions = {
  checksum: option.text(
    '--checksum <algorithm:hex|list>',
    'published checksum of the data as it is, compressed or not: sha256:…, or a file or URL like SHA256SUMS',
  ),
} as const

/** The options of commands that send data, on what is done with it first. */
export const sourceOptions = {
  ...checksumOptions,
  size: option.size(
    '--size <size>',
    'exact size of standard input, such as 1048576 or 2G, announced to the server; another one is an error',
    { least: 0 },
  ),
  decompress: option.toggle('--decompress', 'decompress gzip, xz, zstd and bzip2 on the way (default: yes)'),
} as const

/** What the flags say, as the SDK takes it. */
export function givenSourceOptions(
  context: Context,
  { checksum, decompress }: { readonly checksum?: string | undefined; readonly decompress?: boolean | undefined },
) {
  return {
    sourceChecksum: checksum === undefined ? undefined : checksumOf(context, checksum),
    decompress: decompress === false ? (false as const) : undefined,
  }
}

/** A file is recognised by its path, or by `file:` before it: neither a URL nor `algorithm:hex`. */
export function checksumOf(context: Context, text: string): ChecksumLike {
  if (/^https?:\/\//i.test(text)) return sourceOfFile(context, text, { urls: true })
  // One letter before the colon is a drive.
  const isValue = /^(?!file:)[a-z0-9-]{2,}:/i.test(text) || /^[0-9a-f]{32,}$/i.test(text) || text === ''
  return isValue ? text : fromFile(pathOf(context, text))
}
