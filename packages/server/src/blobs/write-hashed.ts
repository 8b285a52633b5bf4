import { createHash } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type Block, blockBytes, type HashThreads, type SharedBlocks } from '@tyrax/hash-threads'
import { BlobStorageFull, BlobTooLarge, type WriteOptions } from './blob-store.js'
import { type HashAlgorithm, opensslName } from './hash-algorithms.js'
import { startHashes, type StreamHashes } from './stream-hashes.js'

/** The size and hashes of a written file. */
export interface WrittenFile {
  readonly sizeBytes: number
  readonly md5: string
  readonly hash?: string | undefined
}

/** The threads and memory that all uploads of a store share. */
export interface WritingMeans {
  readonly threads: HashThreads
  readonly blocks: SharedBlocks
}

/**
 * Written data is synced to the disk at this interval during the upload, so that the last sync has little left to do.
 */
const syncEveryBytes = 64 << 20

/**
 * Streams bytes into a new file, hashing them on the way, and syncs it. Data that fits into one block of memory is
 * hashed directly, more on threads. On any failure the file is removed.
 */
export async function writeHashed(
  file: string,
  source: AsyncIterable<Uint8Array>,
  means: WritingMeans,
  options: WriteOptions,
): Promise<WrittenFile> {
  const names = [...new Set<HashAlgorithm>(['md5', options.hash ?? 'md5'])]
  const handle = await open(file, 'wx', 0o600)
  try {
    const written = await stream(handle, source, means, names, options)
    await handle.sync()
    await handle.close()
    return written
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(file, { force: true })
    throw fullErrors.has((error as NodeJS.ErrnoException).code ?? '') ? new BlobStorageFull(error) : error
  }
}

const fullErrors: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

async function stream(
  handle: FileHandle,
  source: AsyncIterable<Uint8Array>,
  { threads, blocks }: WritingMeans,
  names: readonly HashAlgorithm[],
  { limitBytes = Infinity, onChunk, signal, hash }: WriteOptions,
): Promise<WrittenFile> {
  let hashes: StreamHashes | undefined
  let block: Block | undefined
  let filled = 0
  let sizeBytes = 0
  let synced = 0
  let syncing: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined
  const storing = new Set<Promise<unknown>>()
  const fail = (error: unknown) => {
    failure ??= { error }
  }
  /** Hashes and writes the filled block in the background, then returns it to the pool. */
  const store = (full: Block) => {
    hashes ??= startHashes(threads, names, fail)
    const bytes = full.subarray(0, filled)
    const position = sizeBytes - filled
    block = undefined
    filled = 0
    const work = Promise.all([hashes.update(bytes), writeAll(handle, bytes, position).catch(fail)])
    const stored = work.finally(() => {
      storing.delete(stored)
      blocks.give(full)
    })
    storing.add(stored)
    if (position - synced < syncEveryBytes || syncing !== undefined) return
    synced = position
    syncing = handle
      .datasync()
      .catch(fail)
      .finally(() => {
        syncing = undefined
      })
  }
  blocks.join()
  try {
    for await (const chunk of readOnly(source)) {
      signal?.throwIfAborted()
      if (failure !== undefined) throw failure.error
      if (sizeBytes + chunk.length > limitBytes) throw new BlobTooLarge(limitBytes)
      onChunk?.(chunk)
      for (let taken = 0; taken < chunk.length;) {
        if (block !== undefined && filled === blockBytes) store(block)
        block ??= await freeBlock(blocks)
        const part = chunk.subarray(taken, taken + blockBytes - filled)
        block.set(part, filled)
        filled += part.length
        taken += part.length
        sizeBytes += part.length
      }
    }
    if (hashes === undefined) {
      const bytes = block?.subarray(0, filled) ?? new Uint8Array(0)
      await writeAll(handle, bytes, 0)
      return { sizeBytes, ...chosen(hashNow(bytes, names), hash) }
    }
    if (block !== undefined) store(block)
    await Promise.all(storing)
    await syncing
    if (failure !== undefined) throw failure.error
    return { sizeBytes, ...chosen(await hashes.digest(), hash) }
  } finally {
    // The file is about to be closed, so all writes to it must have finished.
    await Promise.all(storing)
    await syncing
    await hashes?.close()
    if (block !== undefined) blocks.give(block)
    blocks.leave()
  }
}

/** Waits for a free block, which is what throttles a sender that is faster than the disk. */
async function freeBlock(blocks: SharedBlocks): Promise<Block> {
  for (;;) {
    const block = blocks.take()
    if (block !== undefined) return block
    await blocks.wait()
  }
}

/** Iterating must not destroy a request that is refused half-way, or the refusal could not be sent. */
function readOnly(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (!(source instanceof Readable)) return source
  return source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
}

type Digests = Readonly<Partial<Record<HashAlgorithm, string>>>

function chosen(digests: Digests, hash: HashAlgorithm | undefined): { md5: string; hash?: string | undefined } {
  return { md5: digests.md5 ?? '', hash: hash && digests[hash] }
}

function hashNow(bytes: Uint8Array, names: readonly HashAlgorithm[]): Digests {
  return Object.fromEntries(names.map((name) => [name, createHash(opensslName(name)).update(bytes).digest('hex')]))
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
