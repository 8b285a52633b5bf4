import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { damaged, type Decoder, endsEarly } from '../../platform/decoder.js'

const pieceBytes = 256 * 1024
const mostPadding = 1024 * 1024

/** gzip with any number of members (RFC 1952, section 2.2), off the main thread. */
export const gunzip: Decoder = async function* (input, label) {
  let given = 0
  let endOfData = 0
  // Zeros are held back until other bytes follow. If none do, they follow the last member in one piece.
  let zeros = 0
  let failure: unknown
  let hasEnded = false
  const next = async (chunks: AsyncIterator<Uint8Array>) => {
    try {
      return await chunks.next()
    } catch (error) {
      failure = error
      throw error
    }
  }
  const counted = async function* () {
    const chunks = input[Symbol.asyncIterator]()
    try {
      for (let { done, value: chunk } = await next(chunks); !done; { done, value: chunk } = await next(chunks)) {
        const end = chunk.findLastIndex((byte: number) => byte !== 0) + 1
        given += chunk.byteLength
        if (end > 0) {
          if (zeros > 0) yield Buffer.alloc(zeros)
          yield chunk.subarray(0, end)
          endOfData = given - chunk.byteLength + end
          zeros = 0
        }
        zeros += chunk.byteLength - end
        if (zeros < mostPadding) continue
        yield Buffer.alloc(zeros)
        zeros = 0
      }
      if (zeros > 0) yield Buffer.alloc(zeros)
    } finally {
      await chunks.return?.()
    }
  }
  const output = createGunzip({ chunkSize: pieceBytes })
  const feeding = pipeline(Readable.from(counted(), { objectMode: false, highWaterMark: pieceBytes }), output)
  feeding.catch(() => undefined)
  try {
    for await (const chunk of output) yield chunk as Uint8Array
    hasEnded = true
    await feeding
  } catch (cause) {
    if (failure !== undefined) throw failure
    if (hasEnded) throw damaged(label, 'gzip', 'is followed by bytes that do not belong to it', cause)
    throw translated(cause, label)
  } finally {
    output.destroy()
    await feeding.catch(() => undefined)
  }
  // zlib stops silently when no further member begins. Trailing zeros are padding of tapes and blocks, as for gzip(1).
  if (output.bytesWritten < endOfData)
    throw damaged(label, 'gzip', `is followed by ${given - output.bytesWritten} bytes that do not belong to it`)
}

function translated(cause: unknown, label: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'Z_BUF_ERROR') return endsEarly(label, 'gzip', cause)
  if (code.startsWith('Z_')) return damaged(label, 'gzip', `cannot be decoded: ${(cause as Error).message}`, cause)
  return cause
}
