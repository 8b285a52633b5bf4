import type { FileHandle } from 'node:fs/promises'

/** Chunks are written together once they are this much, whatever the network gives. */
const blockBytes = 1024 * 1024
/** More chunks than this in one system call cost more than they save. */
const blockChunks = 256

/** How {@link blockWriter} tells what it did. */
export interface BlockWriterOptions {
  readonly file: FileHandle
  readonly at: number
  readonly written: (start: number, end: number) => void
  /** Nothing looks at this chunk any more. */
  readonly release: (chunk: Uint8Array) => void
  readonly failure: (error: unknown) => Error
}

/** Writes blocks one after the other. */
export interface BlockWriter {
  write(chunk: Uint8Array): Promise<void> | undefined
  flush(): Promise<void>
}

/** Writes without copying, one block on its way to the disk while the next one comes together. */
export function blockWriter({ file, at, written, release, failure }: BlockWriterOptions): BlockWriter {
  let position = at
  let chunks: Uint8Array[] = []
  let bytes = 0
  let writing: Promise<void> | undefined
  let failed: Error | undefined

  const writeAll = async (block: readonly Uint8Array[], length: number, start: number) => {
    try {
      await writeBlock(file, block, length, start)
      written(start, start + length)
      for (const chunk of block) release(chunk)
    } catch (error) {
      failed ??= failure(error)
    }
  }
  const throwFailed = () => {
    if (failed) throw failed
  }
  /** Waits for the block before, then starts this one. */
  const turn = async () => {
    await writing
    throwFailed()
    if (bytes === 0) return
    writing = writeAll(chunks, bytes, position)
    position += bytes
    chunks = []
    bytes = 0
  }
  return {
    write(chunk) {
      chunks.push(chunk)
      bytes += chunk.byteLength
      return bytes < blockBytes && chunks.length < blockChunks ? undefined : turn()
    },
    async flush() {
      await turn()
      await writing
      throwFailed()
    },
  }
}

/** A write may take less than it was given. */
async function writeBlock(
  file: FileHandle,
  block: readonly Uint8Array[],
  length: number,
  start: number,
): Promise<void> {
  let left = block
  for (let done = 0; ;) {
    const { bytesWritten } = await file.writev(left, start + done)
    done += bytesWritten
    if (done === length) return
    left = after(left, bytesWritten)
  }
}

function after(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skip = bytes
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.min(skip, chunk.byteLength))
    skip -= chunk.byteLength - rest.byteLength
    return rest.byteLength > 0 ? [rest] : []
  })
}
