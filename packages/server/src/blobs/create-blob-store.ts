import { randomUUID } from 'node:crypto'
import { access, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { BlobMissing, type BlobStore, type PendingBlob, type WriteOptions } from './blob-store.js'
import { createHashThreads } from './hash-threads.js'
import { readFileRange } from './read-file-range.js'
import { createSlotPool } from './slots.js'
import { writeHashed } from './write-hashed.js'

/** A blob store that has threads to end. */
export interface FileBlobStore extends BlobStore {
  close(): Promise<void>
}

/**
 * Blobs as files of one folder: `tmp/` has what is being written, `blobs/<first two characters>/` what is published.
 * The folder belongs to one process.
 */
export function createBlobStore(folder: string): FileBlobStore {
  const temporaryFolder = path.join(folder, 'tmp')
  const blobFolder = path.join(folder, 'blobs')
  const threads = createHashThreads()
  const slots = createSlotPool()
  const folderOf = (key: string) => path.join(blobFolder, key.slice(0, 2))
  const fileOf = (key: string) => path.join(folderOf(key), key)
  let ready: Promise<unknown> | undefined
  const makeFolders = () => (ready ??= mkdir(temporaryFolder, { recursive: true, mode: 0o700 }))

  return {
    async write(source, options: WriteOptions = {}): Promise<PendingBlob> {
      await makeFolders()
      const key = randomUUID().replaceAll('-', '')
      const temporary = path.join(temporaryFolder, key)
      const written = await writeHashed(temporary, source, { threads, slots }, options)
      const discard = () => rm(temporary, { force: true })
      return {
        key,
        ...written,
        discard,
        async publish(commit) {
          try {
            await mkdir(folderOf(key), { recursive: true, mode: 0o700 })
            await rename(temporary, fileOf(key))
            await syncFolder(folderOf(key))
            commit()
          } catch (error) {
            await Promise.all([discard(), rm(fileOf(key), { force: true })])
            throw error
          }
        },
      }
    },
    read: (key, range) => readFileRange(fileOf(key), range, (cause) => new BlobMissing(key, { cause })),
    delete: (key) => rm(fileOf(key), { force: true }),
    has: (key) =>
      access(fileOf(key)).then(
        () => true,
        () => false,
      ),
    async sweep(isUsed) {
      let removed = 0
      const drop = async (file: string) => {
        await rm(file, { force: true })
        removed += 1
      }
      for (const name of await namesIn(temporaryFolder)) await drop(path.join(temporaryFolder, name))
      for (const shard of await namesIn(blobFolder)) {
        for (const key of await namesIn(path.join(blobFolder, shard))) if (!isUsed(key)) await drop(fileOf(key))
      }
      return { removed }
    },
    close: () => threads.close(),
  }
}

/** A rename is only kept through a power cut once its folder is synced. */
async function syncFolder(folder: string): Promise<void> {
  // Windows refuses to sync folders and needs none.
  if (process.platform === 'win32') return
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
