import { IntegrityError } from '../errors/transfer-errors.js'
import type { ChunkHash, Platform } from '../platform/platform.js'
import type { ObjectContext } from './context.js'
import { listSegments } from './object-info.js'
import type { ObjectInfo } from './storage-object.js'

/** The bytes of an object from the end of the previous piece up to `end`, and their MD5. */
export interface Piece {
  readonly end: number
  readonly md5: string
}

/**
 * What the server reports about an object's bytes: the MD5 of a plain one; of a static large object, that of each
 * segment, if all segments are whole objects. Undefined when it reports nothing that bytes can be compared with.
 */
export async function piecesOf(
  context: ObjectContext,
  object: ObjectInfo,
  signal: AbortSignal | undefined,
): Promise<readonly Piece[] | undefined> {
  if (!(await context.platform.supports('md5'))) return undefined
  if (object.large === undefined) {
    return /^[0-9a-f]{32}$/.test(object.etag) ? [{ end: object.bytes, md5: object.etag }] : undefined
  }
  // The segments of a dynamic one may change at any time.
  if (object.large === 'dynamic') return undefined
  const pieces: Piece[] = []
  let end = 0
  for (const { bytes, etag, range, isLarge } of await listSegments(context, object, signal)) {
    if (etag === undefined || range !== undefined || isLarge) return undefined
    end += bytes
    pieces.push({ end, md5: etag })
  }
  const etags = pieces.map((piece) => piece.md5).join('')
  return end === object.bytes && (await md5(context.platform, etags)) === object.etag ? pieces : undefined
}

/** The error when verification is required but impossible. */
export function unverifiableObject({ container, name, large }: ObjectInfo): IntegrityError {
  const actual = large === undefined ? 'none' : `those of a ${large} large object`
  return new IntegrityError(
    `${container}/${name} cannot be verified: the hashes that the server has of it are: ${actual}`,
    { what: 'hash', expected: 'the MD5 of all of its bytes', actual },
  )
}

/** Compares bytes with the hashes of the pieces that they belong to, as they pass. */
export class PieceHashes {
  readonly #platform: Platform
  readonly #label: string
  readonly #pieces: readonly Piece[]
  #index = 0
  #at = 0
  #hash: ChunkHash | undefined

  constructor(platform: Platform, label: string, pieces: readonly Piece[]) {
    this.#platform = platform
    this.#label = label
    this.#pieces = pieces
  }

  /** Takes the next bytes. @throws IntegrityError at the end of a piece that differs from its hash */
  async update(chunk: Uint8Array): Promise<void> {
    let rest = chunk
    while (rest.byteLength > 0) {
      const piece = this.#pieces[this.#index]
      // The reading reports more bytes than expected as an error of its own.
      if (!piece) return
      const begin = this.#pieces[this.#index - 1]?.end ?? 0
      this.#hash ??= await this.#platform.createHash(['md5'], piece.end - begin)
      const part = rest.subarray(0, piece.end - this.#at)
      const busy = this.#hash.update(part)
      if (busy) await busy
      this.#at += part.byteLength
      rest = rest.subarray(part.byteLength)
      if (this.#at < piece.end) return
      const { md5: actual } = await this.#hash.digest()
      this.#hash = undefined
      this.#index += 1
      if (actual !== piece.md5) throw different(this.#label, { begin, ...piece }, String(actual))
    }
  }

  dispose(): void {
    this.#hash?.dispose()
  }
}

function different(label: string, piece: Piece & { readonly begin: number }, actual: string): IntegrityError {
  const { begin, end, md5: expected } = piece
  return new IntegrityError(
    `what was received is not ${label}: the MD5 of bytes ${begin} to ${end - 1} is ${actual}, and should be ${expected}`,
    { what: 'md5', expected, actual },
  )
}

async function md5(platform: Platform, text: string): Promise<string | undefined> {
  const hash = await platform.createHash(['md5'], text.length)
  await hash.update(new TextEncoder().encode(text))
  return (await hash.digest())['md5']
}
