import { once } from 'node:events'
import { createGunzip } from 'node:zlib'
import { InvalidTar } from './read-tar.js'

/**
 * Decompresses gzip as it arrives. Closing it early leaves the source as it is.
 * @throws InvalidTar for what is not gzip
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unzip = createGunzip()
  const closed = new AbortController()
  unzip.once('close', () => closed.abort())
  let failure: { readonly error: unknown } | undefined
  const feed = async () => {
    try {
      for await (const chunk of source) {
        if (unzip.destroyed) return
        if (!unzip.write(chunk)) await once(unzip, 'drain', { signal: closed.signal })
      }
      unzip.end()
    } catch (error) {
      if (unzip.destroyed) return
      failure = { error }
      unzip.destroy()
    }
  }
  const feeding = feed()
  try {
    yield* unzip as AsyncIterable<Uint8Array>
  } catch (error) {
    if (failure !== undefined) throw failure.error
    throw new InvalidTar(messageOf(error))
  } finally {
    unzip.destroy()
    await feeding
  }
}

function messageOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'Z_DATA_ERROR' && /incorrect header check/.test(String(error))
    ? 'not a gzip file'
    : 'invalid compressed data'
}
