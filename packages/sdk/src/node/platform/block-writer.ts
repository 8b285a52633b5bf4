import type { FileHandle } from 'node:fs/promises'

/** Chunks are written together once they are this much, whatever the network gives. */
const blockBytes = 1024 * 1024
/** More chunks than this in one system call cost more than they save. */
const blockChunks = 256
/** So many may still be looked at by others when the next one is begun: more would be memory for nothing. */
const mostHanded = 4

/** How {@link blockWriter} tells what it did. */
export interface BlockWriterOptions {
  readonly file: FileHandle
  readonly at: number
  /**
   * A block is written, and its writer looks at it no more. Somebody else does until the promise resolves, which is waited
   * for a few blocks later.
   */
  readonly written: (start: number, end: number, block: readonly Uint8Array[]) => Promise<void> | undefined
  readonly failure: (error: unknown) => Error
}

/** Writes blocks one after the other. */
export interface BlockWriter {
  write(chunk: Uint8Array): Promise<void> | undefined
  flush(): Promise<void>
}

/** Writes without copying, one block on its way to the disk while the next one comes together. */
export function blockWriter({ file, at, written, failure }: BlockWriterOptions): BlockWriter {
  let position = at
  let chunks: Uint8Array[] = []
  let bytes = 0
  let writing: Promise<void> | undefined
  let failed: Error | undefined
  const handed: Promise<void>[] = []

  const writeAll = async (block: readonly Uint8Array[], length: number, start: number) => {
    try {
      await writeBlock(file, block, length, start)
      const looked = written(start, start + length, block)
      if (looked) handed.push(looked)
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
    if (handed.length > mostHanded) await handed.shift()
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
