import type { ImportFilter } from '../../../config/cloud-config.js'
import { openUrl } from './open-url.js'

/** An image of the source: its record, and its bytes. */
export interface SourceImage {
  readonly record: Readonly<Record<string, unknown>>
  readonly bytes: () => Promise<AsyncIterable<Uint8Array>>
}

interface RegionOptions {
  /** The caller's token, which all regions of one Keystone know. */
  readonly token: string
  readonly idleSeconds: number
  readonly signal: AbortSignal
}

/** The most bytes of an image's record. */
const mostRecordBytes = 8 * 1024 ** 2

/**
 * An image of another region. The operator has named its URL, so the filter of imports does not concern it; a redirect may
 * not lead to another host.
 * @throws Error when the region cannot be reached, or does not show the image
 */
export async function readRegion(
  serviceUrl: string,
  imageId: string,
  { token, idleSeconds, signal }: RegionOptions,
): Promise<SourceImage> {
  const { hostname } = new URL(serviceUrl)
  const filter: ImportFilter = {
    allowedSchemes: ['http', 'https'],
    disallowedSchemes: [],
    allowedHosts: [hostname.replace(/^\[|\]$/g, '')],
    disallowedHosts: [],
    allowedPorts: [],
    disallowedPorts: [],
  }
  const options = { filter, idleMilliseconds: idleSeconds * 1000, signal, headers: { 'x-auth-token': token } }
  const url = `${serviceUrl.replace(/\/+$/, '')}/v2/images/${imageId}`
  const record = await openUrl(url, options)
  return {
    record: JSON.parse(await readText(record.bytes)) as SourceImage['record'],
    bytes: async () => (await openUrl(`${url}/file`, options)).bytes,
  }
}

async function readText(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > mostRecordBytes) throw new Error(`the record of the source image has more than ${mostRecordBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
