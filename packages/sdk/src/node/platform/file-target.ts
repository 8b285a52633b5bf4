import { dirname, resolve } from 'node:path'
import {
  type Block,
  createHashThreads,
  createSharedBlocks,
  type HashThreads,
  type SharedBlocks,
} from '@tyrax/hash-threads'
import { TargetError } from '../../errors/transfer-errors.js'
import type { FileTarget, FileTargetOptions, PartWriter } from '../../platform/platform.js'
import type { ReceiveBuffers } from '../receive-buffers.js'
import { blockWriter, type Saving } from './block-writer.js'
import { type DiskFile, diskFile } from './disk-file.js'
import { type FileHash, laterFileHash, readBack, threadFileHash } from './file-hash.js'
import { type LockFile, takeLock } from './lock-file.js'
import { openPart, type OpenedPart, openToUmask } from './open-part.js'
import { removeFile, SidecarNotes } from './sidecar.js'
import { checkRoom, checkTarget, checkUnchanged, moveInto, syncFolder, targetError } from './target-path.js'

/** Below this size, starting a thread costs more than it saves. */
const workerFromBytes = 16 * 1024 * 1024

/** What all transfers share. */
export interface FileTargetMeans {
  readonly threads: HashThreads
  readonly blocks: SharedBlocks
  /** The receive buffers of the data to write. */
  readonly buffers?: ReceiveBuffers | undefined
}

/**
 * Opens `<path>.part` for writing, after checking everything that can be checked before the first byte is fetched.
 * @throws TargetError: a directory, an existing file without `overwrite`, no such folder, no permission, no room,
 * another process that is writing the file
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
    return new PartTarget({ path, part, lock, options, means })
  } catch (error) {
    await part?.file.close()
    if (part?.kept === 0) await Promise.all([removeFile(part.path), removeFile(part.sidecarPath)])
    await lock.release()
    throw targetError(path, error)
  }
}

interface PartTargetParts {
  readonly path: string
  readonly part: OpenedPart
  readonly lock: LockFile
  readonly options: FileTargetOptions
  readonly means: FileTargetMeans
}

/** What the file contains, and its digest so far. Replaced by `restart`. */
interface Content {
  readonly spans: WrittenSpans
  readonly hash: FileHash | undefined
}

/**
 * `writing` until `commit` has closed the file, then `closed`. Once the file has been renamed, kept or discarded, it is
 * `ended` and the lock is released.
 */
type Stage = 'writing' | 'closed' | 'ended'

class PartTarget implements FileTarget {
  readonly path: string
  readonly kept: number
  readonly ranges: boolean | undefined
  readonly #part: OpenedPart
  readonly #lock: LockFile
  readonly #options: FileTargetOptions
  readonly #means: FileTargetMeans
  readonly #disk: DiskFile
  readonly #notes: SidecarNotes
  #content: Content
  #stage: Stage = 'writing'

  constructor({ path, part, lock, options, means }: PartTargetParts) {
    this.path = path
    this.kept = part.kept
    this.ranges = part.ranges
    this.#part = part
    this.#lock = lock
    this.#options = options
    this.#means = means
    this.#disk = diskFile(part.file)
    const { identity } = options
    const first = identity && { identity, ranges: part.ranges ?? null, prefix: null }
    this.#notes = new SidecarNotes(part.sidecarPath, first)
    this.#content = this.#begin(part.kept)
  }

  writer(at: number): PartWriter {
    const { blocks, buffers } = this.#means
    const save = (from: number, pieces: readonly Block[]) => this.#save(from, pieces)
    return blockWriter({ at, blocks, save, release: (chunk) => buffers?.giveBack(chunk) })
  }

  async noteRanges(ranges: boolean): Promise<void> {
    await this.#told(this.#notes.note({ ranges }))
  }

  async scatter(): Promise<void> {
    await this.#told(this.#notes.note({ prefix: this.#content.spans.prefix }))
  }

  read(end: number, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    return readBack(this.#part.file, end, signal)
  }

  async digest(sizeBytes: number): Promise<string | undefined> {
    const { spans, hash } = this.#content
    if (spans.prefix < sizeBytes) {
      throw new TargetError(`${this.path} has gaps: ${spans.prefix} bytes of ${sizeBytes} are there`)
    }
    // The disk finishes its writes while the rest is hashed.
    const [digest] = await this.#told(Promise.all([hash?.digest(sizeBytes), this.#part.file.datasync()]))
    return digest
  }

  digestWith(algorithm: string, sizeBytes: number): Promise<string> {
    return this.#told(laterFileHash(this.#part.file, algorithm).digest(sizeBytes))
  }

  async restart(): Promise<void> {
    await this.#content.hash?.dispose()
    await this.#told(this.#part.file.truncate(0))
    await this.#told(this.#notes.note({ prefix: null }))
    this.#content = this.#begin(0)
  }

  async commit(): Promise<void> {
    await this.#told(this.#moveIntoPlace())
  }

  async keep(): Promise<number> {
    const stage = this.#stage
    if (stage === 'ended') return 0
    return this.#end(async () => {
      const left = this.#notes.isResumable ? this.#content.spans.prefix : 0
      if (left > 0 && stage === 'writing') {
        // Bytes after a gap, or incompletely written ones, would be mistaken for contiguous data.
        await this.#part.file.truncate(left)
        await this.#notes.note({ prefix: null })
      }
      await this.#close()
      if (left === 0) await this.#remove()
      return left
    })
  }

  async discard(): Promise<void> {
    if (this.#stage === 'ended') return
    await this.#end(async () => {
      await this.#close()
      await this.#remove()
    })
  }

  #begin(kept: number): Content {
    const { sizeBytes, algorithm } = this.#options
    const { file } = this.#part
    const isLarge = sizeBytes === undefined || sizeBytes >= workerFromBytes
    const open = isLarge ? threadFileHash : laterFileHash
    const hash = algorithm === undefined ? undefined : open(file, algorithm, this.#means.threads)
    hash?.reach(kept)
    return { spans: writtenSpans(kept), hash }
  }

  /** Pieces close to the digest are hashed from memory and bypass the page cache, where nothing would read them. */
  #save(at: number, pieces: readonly Block[]): Saving {
    const { spans, hash } = this.#content
    const isFollowed = at <= spans.prefix && (hash?.follows(at) ?? false)
    const end = pieces.reduce((sum, { byteLength }) => sum + byteLength, at)
    const written = async () => {
      await this.#told(this.#disk.write(at, pieces, isFollowed))
      spans.add(at, end)
      hash?.reach(spans.prefix)
      await this.#told(this.#notes.noteReach(spans.prefix))
    }
    const looked = isFollowed ? hash?.hand(at, pieces) : undefined
    return { written: written(), looked: looked ?? [] }
  }

  async #moveIntoPlace(): Promise<void> {
    await openToUmask(this.#part.file)
    await this.#disk.sync()
    await checkUnchanged(this.#part)
    this.#stage = 'closed'
    await this.#close()
    await moveInto(this.#part.path, this.path, this.#options.overwrite ?? false)
    await removeFile(this.#part.sidecarPath)
    await syncFolder(dirname(this.path))
    this.#stage = 'ended'
    await this.#lock.release()
  }

  /** Runs the final operation on the file, once. */
  async #end<T>(last: () => Promise<T>): Promise<T> {
    this.#stage = 'ended'
    try {
      return await this.#told(last())
    } finally {
      await this.#lock.release()
    }
  }

  /** Can be called twice. */
  async #close(): Promise<void> {
    await this.#content.hash?.dispose()
    await this.#disk.close()
  }

  async #remove(): Promise<void> {
    await Promise.all([removeFile(this.#part.path), removeFile(this.#part.sidecarPath)])
  }

  /** Turns the error of a system call into one that names the file. */
  async #told<T>(call: Promise<T>): Promise<T> {
    try {
      return await call
    } catch (error) {
      throw targetError(this.path, error)
    }
  }
}

/** Which bytes of a file have been written, by several writers. */
interface WrittenSpans {
  /** The number of bytes from the beginning up to the first gap. */
  readonly prefix: number
  add(start: number, end: number): void
}

/** @param prefix number of bytes that exist from the start */
function writtenSpans(prefix: number): WrittenSpans {
  let reach = prefix
  /** The spans beyond `reach`: end by start. Each writer extends its own, so there are about as many as writers. */
  const ahead = new Map<number, number>()
  return {
    get prefix() {
      return reach
    },
    add(start, end) {
      if (end <= reach) return
      const from = Math.max(start, reach)
      const before = [...ahead].find(([, itsEnd]) => itsEnd === from)
      ahead.set(before?.[0] ?? from, end)
      for (let next = ahead.get(reach); next !== undefined; next = ahead.get(reach)) {
        ahead.delete(reach)
        reach = next
      }
    },
  }
}
