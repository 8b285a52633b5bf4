import { fromFile, type ChecksumLike, type SourceReport, type Verdict } from '@tyrax/sdk'
import { option } from '../command/option.js'
import type { Context } from '../context.js'
import type { Row } from '../output/result.js'
import { pathOf } from './path-of.js'
import { sourceOfFile } from './source-of-file.js'

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

/** Says on stderr what was done with the data before it was sent. */
export function noteSource(context: Context, { decompressed, sourceChecksum }: SourceReport): void {
  if (sourceChecksum?.verdict === 'verified') {
    context.note(`verified: the source has the published ${sourceChecksum.algorithm}`)
  } else if (sourceChecksum) {
    context.note(
      `${sourceChecksum.verdict}: the source was not read whole, so its ${sourceChecksum.algorithm} is unknown`,
    )
  }
  if (decompressed) context.note(`decompressed: the source is ${decompressed}, and the image what is inside`)
}

interface Sent extends Partial<Record<keyof SourceReport, unknown>> {
  readonly verdict?: Verdict | undefined
}

/** What was found out about the data, beside the image's own fields; nothing where no data was sent. */
export function sourceRow(sent: Sent): Row {
  const { verdict, decompressed, sourceChecksum, warnings } = sent
  return {
    ...(verdict !== undefined && { verdict }),
    ...(decompressed !== undefined && { decompressed }),
    ...(sourceChecksum !== undefined && { source_checksum: sourceChecksum }),
    ...(warnings !== undefined && { warnings }),
  }
}
