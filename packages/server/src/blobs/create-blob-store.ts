import { randomUUID } from 'node:crypto'
import { readdirSync, constants } from 'node:fs'
import { access, link, mkdir, rename, rm, open, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { createHashThreads, createSharedBlocks } from '@tyrax/hash-threads'
import { BlobMissing, type BlobStore, type PendingBlob, type ReadOptions, type WriteOptions } from './blob-store.js'
import { onceItSucceeds } from '../once-it-succeeds.js'
import { linkless, syncFolder } from '../data-folder/own-file.js'
import { findOrphans, moveAside, removeHalfWrites, type Orphan } from './orphans.js'
import { writeHashed } from './write-hashed.js'

/** A blob store in a folder, with the cleanup that runs at start. */
export interface FileBlobStore extends BlobStore {
  /** Removes what interrupted uploads left, including blobs without a record. @returns the number of such uploads */
  removeHalfWrites(isUsed: (key: string) => boolean): Promise<number>
  /** Finds published blobs whose key is not in use. */
  findOrphans(isUsed: (key: string) => boolean): Promise<readonly Orphan[]>
  /** Moves them to `orphans/<now>/`, so that they can be put back. */
  moveAside(orphans: readonly Orphan[], now: Date): Promise<readonly Orphan[]>
  /** Ends the threads. */
  close(): Promise<void>
}

export interface BlobStoreOptions {
  /** Awaited before the first blob is published. @default nothing */
  readonly beforeFirstPublish?: (() => Promise<void>) | undefined
}

/** Threads are kept for the next upload: starting them for each would take longer than a small upload does. */
const lingerMilliseconds = 5000
/**
 * Six blocks for one upload, as more would not fit into the processor's cache; those of ten are kept for later ones.
 */
const blockCounts = { common: 4, mostIdle: 24 }

/**
 * Stores blobs as files in one folder: unfinished ones in `tmp/`, published ones in `blobs/<first two characters>/`.
 * Only one process may use the folder.
 */
export function createBlobStore(folder: string, options: BlobStoreOptions = {}): FileBlobStore {
  const temporaryFolder = path.join(folder, 'tmp')
  const blobFolder = path.join(folder, 'blobs')
  // MD5 and SHA-512 of one upload run in parallel. No more, because the thread that moves the bytes needs a core too.
  const means = {
    threads: createHashThreads({ most: 2, lingerMs: lingerMilliseconds }),
    blocks: createSharedBlocks(blockCounts),
  }
  const folderOf = (key: string) => path.join(blobFolder, key.slice(0, 2))
  const fileOf = (key: string) => path.join(folderOf(key), key)
  const taken = takenShards(blobFolder)
  const announce = onceItSucceeds(async () => options.beforeFirstPublish?.())
  const makeFolders = onceItSucceeds(() => mkdir(temporaryFolder, { recursive: true, mode: 0o700 }))

  return {
    async write(source, writing: WriteOptions = {}): Promise<PendingBlob> {
      await makeFolders()
      const key = newKey(taken)
      const temporary = path.join(temporaryFolder, key)
      const written = await writeHashed(temporary, source, means, writing)
      const discard = () => rm(temporary, { force: true })
      return {
        key,
        ...written,
        discard,
        async publish(commit) {
          try {
            await announce()
            await mkdir(folderOf(key), { recursive: true, mode: 0o700 })
            await linkOrRename(temporary, fileOf(key))
            await syncFolder(folderOf(key))
            commit()
            await discard().catch(() => undefined)
          } catch (error) {
            await Promise.all([discard(), rm(fileOf(key), { force: true })])
            throw error
          }
        },
      }
    },
    read(key, range, options) {
      if (taken.has(key.slice(0, 2))) throw new BlobMissing(key)
      return readFileRange(fileOf(key), range, (cause) => new BlobMissing(key, { cause }), options)
    },
    async delete(key) {
      if (!taken.has(key.slice(0, 2))) await rm(fileOf(key), { force: true })
    },
    has: (key) =>
      access(fileOf(key)).then(
        () => !taken.has(key.slice(0, 2)),
        () => false,
      ),
    fileOf,
    removeHalfWrites: (isUsed) => removeHalfWrites(folder, isUsed),
    findOrphans: (isUsed) => findOrphans(folder, isUsed),
    moveAside: (orphans, now) => moveAside(folder, orphans, now),
    close: () => means.threads.close(),
  }
}

/**
 * While a blob also has its temporary name, it has no record yet, so what a crash leaves at that moment can be
 * recognized. On file systems without hard links it is left as an orphan.
 */
async function linkOrRename(temporary: string, file: string): Promise<void> {
  try {
    await link(temporary, file)
  } catch (error) {
    if (!linkless.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    await rename(temporary, file)
  }
}

/** Shards that are links or files: blobs there would be stored outside the folder, or could not be stored at all. */
function takenShards(blobFolder: string): ReadonlySet<string> {
  try {
    const entries = readdirSync(blobFolder, { withFileTypes: true })
    return new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set()
    throw error
  }
}

function newKey(taken: ReadonlySet<string>): string {
  for (let attempt = 1; ; attempt += 1) {
    const key = randomUUID().replaceAll('-', '')
    if (!taken.has(key.slice(0, 2)) || attempt > 10_000) return key
  }
}

const chunkBytes = 1 << 19
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

/** Streams a file's bytes; the file is opened on the first read. `end` is inclusive. */
export async function* readFileRange(
  file: string,
  range: { readonly start: number; readonly end: number } | undefined,
  missing: (cause: unknown) => Error,
  { reuse = false }: ReadOptions = {},
): AsyncGenerator<Uint8Array> {
  const handle = await openExisting(file, missing)
  const memory = reuse ? memoryInTurn(chunkBytes) : newMemory
  try {
    let position = range?.start ?? 0
    const end = range === undefined ? (await handle.stat()).size : range.end + 1
    while (position < end) {
      const length = Math.min(chunkBytes, end - position)
      const { bytesRead, buffer } = await handle.read(memory(length), 0, length, position)
      if (bytesRead === 0) throw new Error(`${file} ends at ${position}, before ${end}`)
      position += bytesRead
      yield bytesRead === length ? buffer : buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

const newMemory = (bytes: number): Buffer => Buffer.allocUnsafeSlow(bytes)

/** Two buffers in turn, which stay in the processor's cache: new memory for each chunk would make reading slower. */
function memoryInTurn(most: number): (bytes: number) => Buffer {
  let next = newMemory(most)
  let other: Buffer | undefined
  return (bytes) => {
    const buffer = next
    next = other ??= newMemory(most)
    other = buffer
    return buffer.subarray(0, bytes)
  }
}

async function openExisting(file: string, missing: (cause: unknown) => Error): Promise<FileHandle> {
  try {
    // A link could lead out of the data folder, and a pipe would block the request.
    return await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing(error) : error
  }
}
