import { TimeoutError } from '../../errors/connection-errors.js'
import { SourceError } from '../../errors/transfer-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { decodedText } from '../../platform/decoded-text.js'
import type { UrlGetter } from '../../platform/url-getter.js'
import { linkedController, orAborted } from '../../transport/aborting.js'
import { defaultTimeouts } from '../../transport/transport.js'
import type { Source } from '../source.js'
import { urlSource } from '../url-source.js'
import { parseChecksumList } from './checksum-list.js'
import { chooseChecksum, decoded, strongest } from './choose-checksum.js'
import { type ExpectedChecksum, parseChecksum } from './expected-checksum.js'

/** A published checksum: `sha256:…`, the address of a list of checksums, or a source that contains such a list. */
export type ChecksumLike = string | URL | Source

/** Lists of whole distributions have a few hundred lines. */
const largestListBytes = 4 * 1024 * 1024

/**
 * The checksum for this source.
 * @throws UsageError for an invalid checksum, and for a source without a file name to look up; SourceError for a list
 * that cannot be read or does not contain the source
 */
export async function findChecksum(
  given: ChecksumLike,
  source: Pick<Source, 'label'>,
  getUrl: UrlGetter,
  signal: AbortSignal | undefined,
): Promise<ExpectedChecksum> {
  if (typeof given === 'string' && !/^https?:\/\//i.test(given)) return parseChecksum(given)
  const list =
    typeof given === 'string' || given instanceof URL ? urlSource(getUrl, given, { keepEncoding: '' }) : given
  const text = await readText(list, signal)
  const entries = parseChecksumList(text, list.label)
  if (entries.length === 0) {
    throw new SourceError(`${list.label} lists no checksums`, {
      hint: /^\s*<(!doctype|html)/i.test(text)
        ? 'it is a web page: give the address of the list itself'
        : 'a list has lines such as «HEX  NAME» or «SHA256 (NAME) = HEX»',
    })
  }
  if (entries.every(({ name }) => name === undefined)) return strongest(entries, list.label, 'the file')
  return chooseChecksum(entries, { list: list.label, path: source.label, name: fileName(source) })
}

/** The name of the source in a list: the last segment of its path or address. */
function fileName(source: Pick<Source, 'label'>): string {
  const { label } = source
  const address = /^https?:\/\//i.test(label) ? new URL(label).pathname : label
  const name = /^https?:\/\//i.test(label) ? decoded(lastPart(address)) : lastPart(address)
  // The labels of sources without a file describe what they are: `stream`, `standard input`.
  if (name !== '' && (name !== label || /\.[^.\s]+$/.test(name))) return name
  throw new UsageError(`${label} has no file name to find in a list of checksums`, { hint: 'give sha256:HEX instead' })
}

const lastPart = (path: string): string => path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** Stops reading a list that never ends. */
async function withinTime<T>(
  label: string,
  signal: AbortSignal | undefined,
  read: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeoutMs = defaultTimeouts.responseTimeoutMs
  const { control, unlink } = linkedController(signal)
  const late = new TimeoutError(`${label} has not arrived within ${timeoutMs} ms`, { limit: 'response', timeoutMs })
  const timer = setTimeout(() => control.abort(late), timeoutMs)
  try {
    return await orAborted(read(control.signal), control.signal)
  } finally {
    clearTimeout(timer)
    unlink()
  }
}

async function readText(list: Source, signal: AbortSignal | undefined): Promise<string> {
  try {
    const bytes = await withinTime(list.label, signal, async (within) => {
      await list.prepare(within)
      return list.peek(largestListBytes + 1, within)
    })
    if (bytes.byteLength > largestListBytes) {
      throw new SourceError(`${list.label} is too large for a list of checksums`, { hint: 'is it the image itself?' })
    }
    return decodedText(bytes)
  } finally {
    await list.close?.()
  }
}
