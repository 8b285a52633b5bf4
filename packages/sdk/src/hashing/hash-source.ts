import type { Platform } from '../platform/platform.js'
import type { Source } from '../sources/source.js'

/** Reads a source to its end and returns its digest; undefined when the algorithm is not available here. */
export async function hashSource(
  platform: Platform,
  source: Source,
  algorithm: string,
  options: { signal?: AbortSignal | undefined; onChunk?: ((bytes: number) => void) | undefined } = {},
): Promise<string | undefined> {
  const hash = await platform.createHash([algorithm], source.size)
  try {
    for await (const chunk of source.open({ signal: options.signal })) {
      await hash.update(chunk)
      options.onChunk?.(chunk.byteLength)
    }
    return (await hash.digest())[algorithm]
  } finally {
    hash.dispose()
  }
}
