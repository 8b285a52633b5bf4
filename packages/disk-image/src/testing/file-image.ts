import { open } from 'node:fs/promises'
import type { Inspection } from '../index.js'
import { inspect, StreamInspector } from '../index.js'

/** Inspects a file by ranges; also returns the number of bytes read. */
export async function inspectFile(path: string): Promise<{ inspection: Inspection; bytesRead: number }> {
  const handle = await open(path)
  try {
    let bytesRead = 0
    const inspection = await inspect({
      sizeBytes: (await handle.stat()).size,
      async read(offset, length) {
        const got = await handle.read(new Uint8Array(length), 0, length, offset)
        bytesRead += got.bytesRead
        return got.buffer.subarray(0, got.bytesRead)
      },
    })
    return { inspection, bytesRead }
  } finally {
    await handle.close()
  }
}

/** Inspects a file as a stream of chunks. */
export async function streamFile(path: string, chunkLength: number): Promise<Inspection> {
  const handle = await open(path)
  try {
    const inspector = new StreamInspector()
    const chunk = new Uint8Array(chunkLength)
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, chunkLength, null)
      if (bytesRead === 0) return inspector.finish()
      inspector.write(chunk.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}

/** Inspects bytes in memory by ranges. */
export const inspectBytes = (bytes: Uint8Array): Promise<Inspection> =>
  inspect({ sizeBytes: bytes.length, read: async (offset, length) => bytes.slice(offset, offset + length) })

/** Inspects bytes in memory as a stream. */
export function streamBytes(bytes: Uint8Array, chunkLength = bytes.length || 1): Inspection {
  const inspector = new StreamInspector()
  for (let at = 0; at < bytes.length; at += chunkLength) inspector.write(bytes.subarray(at, at + chunkLength))
  return inspector.finish()
}
