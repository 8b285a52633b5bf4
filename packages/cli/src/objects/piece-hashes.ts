import { IntegrityError, nodePlatform, type Cloud, type StorageObject } from '@tyrax/sdk'

/** Bytes of an object up to `end`, from the end of the piece before, and what their MD5 is. */
export interface Piece {
  readonly end: number
  readonly md5: string
}

/** Compares bytes with the hashes of the pieces that they come from, as they pass. */
export interface PieceHashes {
  /** Takes the next bytes. @throws IntegrityError at the end of a piece that is not what it should be */
  update(chunk: Uint8Array): Promise<void>
  dispose(): void
}

/**
 * What the server says of an object's bytes: the MD5 of a plain one; of a static large object, that of each segment, as
 * far as segments are objects of their own. Undefined where it says nothing that bytes can be compared with.
 */
export async function piecesOf(
  cloud: Cloud,
  object: StorageObject,
  signal: AbortSignal,
): Promise<readonly Piece[] | undefined> {
  if (object.large === undefined) {
    return /^[0-9a-f]{32}$/.test(object.etag) ? [{ end: object.bytes, md5: object.etag }] : undefined
  }
  // What a dynamic one is made of may change at any time.
  if (object.large === 'dynamic') return undefined
  const pieces: Piece[] = []
  let end = 0
  for (const { bytes, etag, range, isLarge } of await cloud.objects.segments(object.container, object.name, {
    signal,
  })) {
    if (etag === undefined || range !== undefined || isLarge) return undefined
    end += bytes
    pieces.push({ end, md5: etag })
  }
  const isSame = end === object.bytes && (await md5(pieces.map((piece) => piece.md5).join(''))) === object.etag
  return isSame ? pieces : undefined
}

export function pieceHashes(label: string, pieces: readonly Piece[]): PieceHashes {
  let at = 0
  let index = 0
  let hash: Awaited<ReturnType<typeof nodePlatform.createHash>> | undefined
  return {
    async update(chunk) {
      let rest = chunk
      while (rest.byteLength > 0) {
        const piece = pieces[index]
        // More bytes than there should be are somebody else's to find out.
        if (!piece) return
        const begin = pieces[index - 1]?.end ?? 0
        hash ??= await nodePlatform.createHash(['md5'], piece.end - begin)
        const part = rest.subarray(0, piece.end - at)
        await hash.update(part)
        at += part.byteLength
        rest = rest.subarray(part.byteLength)
        if (at < piece.end) return
        const { md5: actual } = await hash.digest()
        hash = undefined
        index += 1
        if (actual !== undefined && actual !== piece.md5) throw different(label, { begin, ...piece }, actual)
      }
    },
    dispose: () => hash?.dispose(),
  }
}

function different(label: string, piece: Piece & { readonly begin: number }, actual: string): IntegrityError {
  const { begin, end, md5 } = piece
  return new IntegrityError(
    `what was received is not ${label}: the MD5 of bytes ${begin} to ${end - 1} is ${actual}, and should be ${md5}`,
    { what: 'md5', expected: md5, actual },
  )
}

async function md5(text: string): Promise<string | undefined> {
  const hash = await nodePlatform.createHash(['md5'], text.length)
  await hash.update(Buffer.from(text))
  return (await hash.digest())['md5']
}
