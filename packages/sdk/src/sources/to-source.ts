import { UsageError } from '../errors/tyrax-error.js'
import { fromBlob } from './blob-source.js'
import { fromBytes } from './bytes-source.js'
import type { Source } from './source.js'
import { type ByteStream, fromStream } from './stream-source.js'

/** Everything that bytes can be read from. */
export type SourceLike = Source | Blob | Uint8Array | ByteStream

/** @throws UsageError when it is none of these */
export function toSource(data: SourceLike): Source {
  const given: unknown = data
  if (given instanceof Uint8Array) return fromBytes(given)
  if (typeof Blob !== 'undefined' && given instanceof Blob) return fromBlob(given)
  if (typeof given === 'object' && given !== null) {
    if ('open' in given && 'prepare' in given && 'peek' in given) return given as Source
    if (given instanceof ArrayBuffer) return fromBytes(new Uint8Array(given))
    if (Symbol.asyncIterator in given || 'getReader' in given) return fromStream(given as ByteStream)
  }
  throw new UsageError(
    `data is ${typeof given === 'object' ? 'an object' : `a ${typeof given}`} that no bytes can be read from`,
    {
      hint: 'use fromFile(path), fromUrl(url), fromStream(stream), a Blob, a Uint8Array or a storage object',
    },
  )
}
