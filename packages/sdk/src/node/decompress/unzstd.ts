import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import zlib from 'node:zlib'
import { ByteReader } from '../../sources/decompress/byte-reader.js'
import { damaged, type Decoder, endsEarly, unsupported } from '../../platform/decoder.js'
import type { FrameHeader } from '../../sources/decompress/zstd/frame-header.js'
import { blockHeaderBytes, checkWindow, decodeFrames, parseBlockHeader } from '../../sources/decompress/zstd/framing.js'

const pieceBytes = 256 * 1024
const checksumBytes = 4

type CreateZstdDecompress = (options: { readonly chunkSize: number }) => Transform

/** Whether the runtime includes zstd: Node does since 22.15. */
export const hasZstd = (): boolean => zstdDecompress() !== undefined

function zstdDecompress(): CreateZstdDecompress | undefined {
  return 'createZstdDecompress' in zlib && typeof zlib.createZstdDecompress === 'function'
    ? (zlib.createZstdDecompress as CreateZstdDecompress)
    : undefined
}

/**
 * Zstandard with the runtime's libzstd, off the main thread. Its stream ends silently when a frame ends and the output
 * buffer has room left, so the frames are separated here and each one gets its own stream.
 */
export const unzstd: Decoder = (input, label) => {
  const reader = new ByteReader(input, () => endsEarly(label, 'zstd'))
  return decodeFrames(reader, label, { decode: (header) => decodeFrame(reader, header, label) })
}

async function* decodeFrame(reader: ByteReader, header: FrameHeader, label: string): AsyncGenerator<Uint8Array, void> {
  const createZstdDecompress = zstdDecompress()
  if (!createZstdDecompress) throw unsupported(label, 'zstd', 'needs Node 22.15')
  checkWindow(header, label)
  let failure: unknown
  const compressed = async function* () {
    try {
      yield* frameBytes(reader, header)
    } catch (error) {
      failure = error
      throw error
    }
  }
  const output = createZstdDecompress({ chunkSize: pieceBytes })
  const feeding = pipeline(Readable.from(compressed(), { objectMode: false, highWaterMark: pieceBytes }), output)
  feeding.catch(() => undefined)
  try {
    for await (const piece of output) yield piece as Uint8Array
    await feeding
  } catch (cause) {
    if (failure !== undefined) throw failure
    throw damaged(label, 'zstd', `cannot be decoded: ${cause instanceof Error ? cause.message : String(cause)}`, cause)
  } finally {
    output.destroy()
    await feeding.catch(() => undefined)
  }
}

/** The bytes of one frame, read block by block, joined into chunks that are large enough to be worth a call. */
async function* frameBytes(reader: ByteReader, header: FrameHeader): AsyncGenerator<Uint8Array, void> {
  let parts = [await reader.take(header.bytes)]
  let length = header.bytes
  for (let isLast = false; !isLast;) {
    const block = parseBlockHeader(await reader.look(blockHeaderBytes))
    isLast = block.isLast
    const bytes = await reader.take(
      blockHeaderBytes + block.storedBytes + (isLast && header.hasChecksum ? checksumBytes : 0),
    )
    parts.push(bytes)
    length += bytes.byteLength
    if (length < pieceBytes && !isLast) continue
    yield Buffer.concat(parts, length)
    parts = []
    length = 0
  }
}
