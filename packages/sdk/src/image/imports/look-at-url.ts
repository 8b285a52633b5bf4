import type { UrlAnswer } from '../../platform/url-getter.js'
import { urlSource } from '../../sources/url-source.js'
import type { Compression } from '../../platform/compression.js'
import { redactUrl } from '../../transport/redact.js'
import type { ImageContext } from '../images/context.js'
import { inspectData } from '../images/upload/inspect-data.js'
import { type DeclaredFormats, openSource } from '../images/upload/open-source.js'
import type { SourceReport } from '../images/upload/options.js'
import type { ImportOptions, SeenAddress } from './import-options.js'

/** What is at an address, before the server downloads it. */
export interface LookedAt {
  readonly seen: SeenAddress
  /** How the data is compressed, where an upload would decompress it. */
  readonly compression: Compression | undefined
  readonly report: Pick<SourceReport, 'warnings'>
}

/**
 * Reads the first bytes at an address, and inspects them as those of an upload.
 * @throws SourceError for an address without an image: a status other than 2xx, an HTML page, a server that does not
 * respond; DiskFormatMismatch, DiskImageRefused
 */
export async function lookAtUrl(
  context: ImageContext,
  uri: string | URL,
  declared: DeclaredFormats,
  { decompress, force, onWarning, onProgress, signal }: ImportOptions,
): Promise<LookedAt> {
  let first: UrlAnswer | undefined
  const source = urlSource(
    async (url, request) => {
      const answer = await context.platform.getUrl(url, request)
      first ??= answer
      return answer
    },
    uri,
    { retry: context.retry },
  )
  let open: { close?(): Promise<void> } = source
  try {
    const opened = await openSource(context, source, declared, { decompress, signal })
    open = opened.source
    const { size } = source
    const inspected = await inspectData(opened, declared, { force, onWarning, onProgress, signal })
    const seen: SeenAddress = {
      url: first ? redactUrl(first.url) : source.label,
      size,
      type: first?.headers.get('content-type') ?? undefined,
      diskFormat: inspected.diskFormat,
    }
    return { seen, compression: opened.report().decompressed, report: inspected.report }
  } finally {
    await open.close?.()
  }
}
