import { path } from '../client/path.js'
import type { ServiceClient } from '../client/service-client.js'
import { IntegrityError } from '../errors/transfer-errors.js'
import { hashedSource } from '../hashing/hashed-source.js'
import type { Platform } from '../platform/platform.js'
import { type SourceLike, toSource } from '../sources/to-source.js'
import { meterProgress, type OnProgress } from '../transfer/progress.js'
import { toHeaderText } from './header-text.js'
import { type Metadata, metadataHeaders } from './metadata.js'
import { dateOf } from './object-info.js'
import { etagOf, StorageObject } from './storage-object.js'

export interface ObjectPutOptions {
  /** @default 'application/octet-stream' */
  readonly contentType?: string | undefined
  readonly metadata?: Metadata | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

/**
 * PUT of an object, streamed, its MD5 compared with the ETag. An object is there only when all of it is, so the request
 * may be repeated when the source can be read again.
 */
export async function putObject(
  { client, platform }: { client: ServiceClient; platform: Platform },
  container: string,
  name: string,
  data: SourceLike,
  options: ObjectPutOptions,
): Promise<StorageObject> {
  const { contentType = 'application/octet-stream', metadata = {}, signal } = options
  const source = toSource(data)
  const address = path`/${container}/${name}`
  const headers = metadataHeaders('object', metadata)
  await source.prepare(signal)
  const meter = meterProgress(options.onProgress, 'upload', source.size)
  const sent = hashedSource(source, platform, ['md5'], (bytes) => {
    if (bytes === 0) meter.restart()
    else meter.add(bytes)
  })
  try {
    const response = await client.request({
      method: 'PUT',
      path: address,
      body: sent,
      contentType: toHeaderText('contentType', contentType),
      headers,
      retry: { methods: ['PUT'] },
      signal,
    })
    await response.discard()
    meter.end()
    const etag = etagOf(response.headers)
    const { md5 } = await sent.digest()
    if (md5 !== undefined && etag !== '' && md5 !== etag) {
      await discard(client, address)
      throw new IntegrityError(`${container}/${name} is not what was sent: its MD5 is ${etag}, and should be ${md5}`, {
        what: 'md5',
        expected: md5,
        actual: etag,
      })
    }
    return new StorageObject(client, {
      name,
      container,
      bytes: sent.bytes,
      etag,
      contentType,
      lastModified: dateOf(response.headers.get('last-modified')),
      metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value])),
    })
  } finally {
    sent.dispose()
    await source.close?.()
  }
}

async function discard(client: ServiceClient, address: string): Promise<void> {
  const response = await client.request({ method: 'DELETE', path: address, accept: [404] })
  await response.discard()
}
