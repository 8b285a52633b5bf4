import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Block } from '@tyrax/hash-threads'

/** The size and offset of direct writes must be multiples of this, the largest alignment that file systems require. */
const alignedBytes = 4096

/** A file to write to, bypassing the page cache where possible. */
export interface DiskFile {
  /**
   * Writes consecutive pieces, starting at `at`.
   * @param direct bypasses the page cache, where the file system and the offset allow it. This saves copying each byte
   * and does not displace other data from the cache, but makes reading the file again slower.
   */
  write(at: number, pieces: readonly Block[], direct: boolean): Promise<void>
  /** Resolves when all written data is on the disk. */
  sync(): Promise<void>
  /** Can be called twice, and while a write is running. */
  close(): Promise<void>
}

/** Takes ownership of `file`, which is closed with it. */
export function diskFile(file: FileHandle): DiskFile {
  const early = earlySync(file)
  let opening: Promise<FileHandle | undefined> | undefined
  let isRefused = false
  let cachedBytes = 0

  const openOnce = () => (opening ??= openDirect(file))
  const writeDirect = async (at: number, pieces: readonly Block[]): Promise<number> => {
    const directly = isRefused ? undefined : await openOnce()
    if (!directly) return 0
    try {
      return (await directly.writev(pieces, at)).bytesWritten
    } catch (error) {
      // A file system may accept the open but refuse the write, or require a larger alignment.
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error
      isRefused = true
      return 0
    }
  }
  return {
    async write(at, pieces, direct) {
      const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0)
      const isAligned = at % alignedBytes === 0 && bytes % alignedBytes === 0
      let done = direct && isAligned ? await writeDirect(at, pieces) : 0
      cachedBytes += bytes - done
      while (done < bytes) done += (await file.writev(after(pieces, done), at + done)).bytesWritten
      early.wrote(cachedBytes)
    },
    async sync() {
      await early.finish()
      await file.sync()
    },
    async close() {
      await early.finish().catch(() => undefined)
      const directly = await opening
      opening = undefined
      isRefused = true
      await directly?.close()
      await file.close()
    },
  }
}

/** Opens the same file even if its path now refers to another one. Undefined when direct writes are not supported. */
async function openDirect({ fd }: FileHandle): Promise<FileHandle | undefined> {
  if (process.platform !== 'linux') return undefined
  return open(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_DIRECT).catch(() => undefined)
}

/** A write may be partial. */
function after(pieces: readonly Block[], bytes: number): readonly Block[] {
  let skip = bytes
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.min(skip, piece.byteLength))
    skip -= piece.byteLength - rest.byteLength
    return rest.byteLength > 0 ? [rest] : []
  })
}

/** A smaller amount would cause too many small syncs. */
const syncBytes = 64 * 1024 * 1024

/** Syncs written data while more arrives, so that little is left to wait for at the end. */
interface EarlySync {
  /** Reports the total number of bytes written. Cheap. */
  wrote(bytes: number): void
  /** Resolves when no sync is running. @throws the error of an earlier sync: the kernel reports it only once */
  finish(): Promise<void>
}

function earlySync(file: FileHandle): EarlySync {
  let synced = 0
  let running: Promise<void> | undefined
  let failure: Error | undefined
  return {
    wrote(bytes) {
      if (running || bytes - synced < syncBytes) return
      synced = bytes
      running = file
        .datasync()
        .catch((error: unknown) => {
          failure ??= error instanceof Error ? error : new Error(String(error))
        })
        .finally(() => {
          running = undefined
        })
    },
    async finish() {
      await running
      if (failure) throw failure
    },
  }
}
