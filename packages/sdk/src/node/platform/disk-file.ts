import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Block } from '@tyrax/hash-threads'

/** Both what direct writes have to be a multiple of, and where: the largest that a file system asks for. */
const alignedBytes = 4096

/** A file that is written to, past the page cache where that can be. */
export interface DiskFile {
  /**
   * Writes pieces that follow each other, from `at` on.
   * @param direct past the page cache, where the file system and the place allow it: it would cost a copy of each byte,
   * and what others have in it. Reading them again is slower then.
   */
  write(at: number, pieces: readonly Block[], direct: boolean): Promise<void>
  /** All that was written is on the disk. */
  sync(): Promise<void>
  /** Safe twice, and while it is being written. */
  close(): Promise<void>
}

/** Takes over `file`, which is closed with it. */
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
      // It may be opened so, and then refuse it, or want larger multiples.
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

/** The same file, whatever has its name by now. Undefined where there is no such way to write, or not for this file. */
async function openDirect({ fd }: FileHandle): Promise<FileHandle | undefined> {
  if (process.platform !== 'linux') return undefined
  return open(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_DIRECT).catch(() => undefined)
}

/** A write may take less than it was given. */
function after(pieces: readonly Block[], bytes: number): readonly Block[] {
  let skip = bytes
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.min(skip, piece.byteLength))
    skip -= piece.byteLength - rest.byteLength
    return rest.byteLength > 0 ? [rest] : []
  })
}

/** Less would keep the disk busy with small matters. */
const syncBytes = 64 * 1024 * 1024

/** Has the disk take what was written while more is on its way, so that little is left to wait for at the end. */
interface EarlySync {
  /** That number of bytes has been written in all. Cheap. */
  wrote(bytes: number): void
  /** Resolves when no sync is under way. @throws the error of one: the kernel reports it only once */
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
