import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { damaged, type Decoder, endsEarly } from '../../sources/decompress/decoder.js'

const pieceBytes = 256 * 1024

/** gzip, member after member (RFC 1952, section 2.2), beside the main thread. */
export const gunzip: Decoder = async function* (input, label) {
  let given = 0
  let failure: unknown
  const counted = async function* () {
    try {
      for await (const chunk of input) {
        given += chunk.byteLength
        yield chunk
      }
    } catch (error) {
      failure = error
      throw error
    }
  }
  const output = createGunzip({ chunkSize: pieceBytes })
  const feeding = pipeline(Readable.from(counted(), { objectMode: false, highWaterMark: pieceBytes }), output)
  feeding.catch(() => undefined)
  try {
    for await (const chunk of output) yield chunk as Uint8Array
    await feeding
  } catch (cause) {
    if (failure !== undefined) throw failure
    throw translated(cause, label)
  } finally {
    output.destroy()
    await feeding.catch(() => undefined)
  }
  // zlib stops without a word where no further member begins.
  if (output.bytesWritten < given)
    throw damaged(label, 'gzip', `is followed by ${given - output.bytesWritten} bytes that are none`)
}

function translated(cause: unknown, label: string): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === 'Z_BUF_ERROR') return endsEarly(label, 'gzip', cause)
  if (code.startsWith('Z_')) return damaged(label, 'gzip', `cannot be decoded: ${(cause as Error).message}`, cause)
  return cause
}
