import path from 'node:path'
import { fromFile, type ChecksumLike, type SourceReport } from '@tyrax/sdk'
import { option } from '../command/option.js'
import type { Context } from '../context.js'

/** The options of commands that send data, on what is done with it first. */
export const sourceOptions = {
  checksum: option.text(
    '--checksum <algorithm:hex|list>',
    'published checksum of the data as it is, compressed or not: sha256:…, or a file or URL like SHA256SUMS',
  ),
  decompress: option.toggle('--decompress', 'decompress gzip, xz, zstd and bzip2 on the way (default: yes)'),
} as const

/** What the flags say, as the SDK takes it. */
export function givenSourceOptions(
  context: Context,
  { checksum, decompress }: { readonly checksum?: string | undefined; readonly decompress?: boolean | undefined },
) {
  return {
    checksum: checksum === undefined ? undefined : checksumOf(context, checksum),
    decompress: decompress === false ? (false as const) : undefined,
  }
}

/** A file is recognised by its path: neither a URL nor `algorithm:hex`. */
function checksumOf(context: Context, text: string): ChecksumLike {
  const isValue = /^(?:https?:\/\/|[a-z0-9-]+:)/i.test(text) || /^[0-9a-f]{32,}$/i.test(text) || text === ''
  return isValue ? text : fromFile(path.resolve(context.cwd, text))
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
