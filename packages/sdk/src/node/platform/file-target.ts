import { dirname, resolve } from 'node:path'
import type { FileTarget, FileTargetOptions } from '../../platform/platform.js'
import { TargetError } from '../../errors/transfer-errors.js'
import type { ReceiveBuffers } from '../receive-buffers.js'
import { blockWriter, type Saving } from './block-writer.js'
import { type FileHash, laterFileHash, threadFileHash } from './file-hash.js'
import { createHashThreads, type HashThreads } from './hash-threads.js'
import { takeLock } from './lock-file.js'
import { openPart, type OpenedPart, openToUmask } from './open-part.js'
import { partFile } from './part-file.js'
import { type Block, createSharedBlocks, type SharedBlocks } from './shared-blocks.js'
import { removeFile, type Sidecar, writeSidecar } from './sidecar.js'
import { targetError } from './target-error.js'
import { checkRoom, checkTarget, checkUnchanged, moveInto, syncFolder } from './target-path.js'
import { type WrittenSpans, writtenSpans } from './written-spans.js'

/** Below this, starting a thread costs more than it saves. */
const workerFromBytes = 16 * 1024 * 1024
/** How often it is written down how far a scattered download has come. */
const notedBytes = 64 * 1024 * 1024

/** What all transfers share. */
export interface FileTargetMeans {
  readonly threads: HashThreads
  readonly blocks: SharedBlocks
  /** Where what is written came from. */
  readonly buffers?: ReceiveBuffers | undefined
}

/**
 * Opens `<path>.part` for writing, having checked what can be checked before the first byte is fetched.
 * @throws TargetError: a directory, an existing file without `overwrite`, no such folder, no permission, no room,
 * another process that writes it
 */
export async function openFileTarget(
  given: string,
  options: FileTargetOptions = {},
  means: FileTargetMeans = { threads: createHashThreads(), blocks: createSharedBlocks() },
): Promise<FileTarget> {
  const path = resolve(given)
  await checkTarget(path, options.overwrite ?? false)
  const lock = await takeLock(`${path}.part.lock`, path).catch((error: unknown) => {
    throw targetError(path, error)
  })
  let part: OpenedPart | undefined
  try {
    part = await openPart(path, options.identity)
    if (options.sizeBytes !== undefined) await checkRoom(path, options.sizeBytes - part.kept)
    return fileTarget(path, part, lock, options, means)
  } catch (error) {
    await part?.file.close()
    if (part?.kept === 0) await Promise.all([removeFile(part.path), removeFile(part.sidecarPath)])
    await lock.release()
    throw targetError(path, error)
  }
}

function fileTarget(
  path: string,
  part: OpenedPart,
  lock: { release(): Promise<void> },
  { overwrite = false, sizeBytes, identity, algorithm }: FileTargetOptions,
  { threads, blocks, buffers }: FileTargetMeans,
): FileTarget {
  const { file, sidecarPath } = part
  let sidecar: Sidecar | undefined = identity && { identity, ranges: part.ranges ?? null, prefix: null }
  let spans: WrittenSpans
  let hash: FileHash | undefined
  let noted = 0
  let isClosed = false
  const store = partFile(file)
  let isSettled = false

  const begin = (kept: number) => {
    spans = writtenSpans(kept)
    const large = sizeBytes === undefined || sizeBytes >= workerFromBytes
    if (algorithm === undefined) hash = undefined
    else hash = large ? threadFileHash(file, algorithm, threads) : laterFileHash(file, algorithm)
    hash?.reach(kept)
  }
  begin(part.kept)

  let noting: Promise<void> = Promise.resolve()
  /** One after the other: two writes at once could mix. */
  const note = (change: Partial<Sidecar>): Promise<void> => {
    if (!sidecar) return noting
    const changed = { ...sidecar, ...change }
    sidecar = changed
    const before = noting.catch(() => undefined)
    noting = before.then(() => writeSidecar(sidecarPath, changed))
    return noting
  }
  /** Near to the digest, it is hashed from memory, and the page cache would hold it for nobody. */
  const save = (at: number, pieces: readonly Block[]): Saving => {
    const isFollowed = at <= spans.prefix && (hash?.follows(at) ?? false)
    const end = pieces.reduce((sum, { byteLength }) => sum + byteLength, at)
    const written = async () => {
      await asTargetError(store.write(at, pieces, isFollowed))
      spans.add(at, end)
      hash?.reach(spans.prefix)
      await asTargetError(noteScattered())
    }
    const looked = isFollowed ? hash?.hand(at, pieces) : undefined
    return { written: written(), looked: looked ?? [] }
  }
  /** Not more often than it is worth: what is not noted is only fetched again. */
  const noteScattered = async () => {
    if (sidecar?.prefix == null || spans.prefix - noted < notedBytes) return
    noted = spans.prefix
    await note({ prefix: noted })
  }
  const close = async () => {
    if (isClosed) return
    isClosed = true
    await hash?.dispose()
    await store.close()
  }
  const remove = () => Promise.all([removeFile(part.path), removeFile(sidecarPath)])
  /** What is done once, to end with it. */
  const settle = async <T>(last: () => Promise<T>): Promise<T> => {
    isSettled = true
    try {
      return await last()
    } catch (error) {
      throw targetError(path, error)
    } finally {
      await lock.release()
    }
  }
  const asTargetError = <T>(promise: Promise<T>): Promise<T> =>
    promise.catch((error: unknown) => {
      throw targetError(path, error)
    })

  return {
    path,
    kept: part.kept,
    ranges: part.ranges,
    writer: (at) => blockWriter({ at, blocks, save, release: (chunk) => buffers?.giveBack(chunk) }),
    noteRanges: (ranges) => asTargetError(note({ ranges })),
    async scatter() {
      noted = spans.prefix
      await asTargetError(note({ prefix: noted }))
    },
    async digest(bytes) {
      if (spans.prefix < bytes) throw new TargetError(`${path} has gaps: ${spans.prefix} bytes of ${bytes} are there`)
      // What the disk still has to take, it takes while the rest is hashed.
      const [digest] = await asTargetError(Promise.all([hash?.digest(bytes), file.datasync()]))
      return digest
    },
    digestWith: (other, bytes) => asTargetError(laterFileHash(file, other).digest(bytes)),
    async restart() {
      await hash?.dispose()
      await asTargetError(file.truncate(0))
      await asTargetError(note({ prefix: null }))
      begin(0)
    },
    async commit() {
      try {
        await openToUmask(file)
        await store.sync()
        await checkUnchanged(part)
        await close()
        await moveInto(part.path, path, overwrite)
        await removeFile(sidecarPath)
        await syncFolder(dirname(path))
        isSettled = true
        await lock.release()
      } catch (error) {
        throw targetError(path, error)
      }
    },
    async keep() {
      if (isSettled) return 0
      return settle(async () => {
        const left = sidecar ? spans.prefix : 0
        if (left > 0 && !isClosed) {
          // What lies beyond a gap, or was half written, would be taken for a part of the beginning.
          await file.truncate(left)
          await note({ prefix: null })
        }
        await close()
        if (left === 0) await remove()
        return left
      })
    },
    async discard() {
      if (isSettled) return
      await settle(async () => {
        await close()
        await remove()
      })
    },
  }
}
