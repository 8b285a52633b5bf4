import type { ImageConfig } from '../../config/cloud-config.js'
import { openUrl } from '../imports/web/open-url.js'

/** Bytes that stay on other servers. Every URL, also of a redirect, passes the filter of imports. */
export interface RemoteSource {
  /** The bytes at a URL; undefined when it must not be read, cannot be reached, or declares no size above 0. */
  measure(url: string, signal?: AbortSignal): Promise<number | undefined>
  /** @throws Error that says why the URL cannot be read */
  open(url: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>
}

export function createRemoteSource({ importFilter: filter, importIdleSeconds }: ImageConfig): RemoteSource {
  const idleMilliseconds = importIdleSeconds * 1000
  const never = new AbortController().signal
  return {
    async measure(url, signal = never) {
      try {
        const opened = await openUrl(url, { filter, idleMilliseconds, signal, method: 'HEAD' })
        // Closes the connection.
        for await (const _chunk of opened.bytes) break
        return opened.declaredSize || undefined
      } catch {
        return undefined
      }
    },
    async open(url, signal = never) {
      return (await openUrl(url, { filter, idleMilliseconds, signal })).bytes
    },
  }
}
