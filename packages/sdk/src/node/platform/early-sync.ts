import type { FileHandle } from 'node:fs/promises'

/** Less would keep the disk busy with small matters. */
const syncBytes = 64 * 1024 * 1024

/** Has the disk take what was written while more is on its way, so that little is left to wait for at the end. */
export interface EarlySync {
  /** So many bytes have been written in all. Cheap. */
  wrote(bytes: number): void
  /** Resolves when no sync is under way. @throws the error of one: the kernel reports it only once */
  settle(): Promise<void>
}

export function earlySync(file: FileHandle): EarlySync {
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
    async settle() {
      await running
      if (failure) throw failure
    },
  }
}
