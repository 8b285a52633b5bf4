import { createHash } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { BlobStorageFull, BlobTooLarge, type WriteOptions } from './blob-store.js'
import type { HashName, HashSession, HashThreads } from './hash-threads.js'
import { createSlots, type Slot, type SlotPool } from './slots.js'

/** What was written to a file. */
export interface WrittenFile {
  readonly sizeBytes: number
  readonly md5: string
  readonly sha512?: string | undefined
}

/** How often what was written is handed to the disk while more comes, so that the last sync has little left to do. */
const syncEveryBytes = 64 << 20

/**
 * Streams bytes into a new file and syncs it, hashing on the way: at once where everything fits into one slot of
 * memory, else on threads. If anything fails the file is gone.
 */
export async function writeHashed(
  file: string,
  source: AsyncIterable<Uint8Array>,
  { threads, slots }: { readonly threads: HashThreads; readonly slots: SlotPool },
  options: WriteOptions,
): Promise<WrittenFile> {
  const names: readonly HashName[] = options.sha512 === true ? ['md5', 'sha512'] : ['md5']
  const handle = await open(file, 'wx', 0o600)
  try {
    const written = await stream(handle, source, { start: () => threads.start(names), slots }, names, options)
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
  shared: { readonly start: () => HashSession; readonly slots: SlotPool },
  names: readonly HashName[],
  { limitBytes = Infinity, onChunk, signal }: WriteOptions,
): Promise<WrittenFile> {
  const slots = createSlots(shared.slots)
  let session: HashSession | undefined
  let sizeBytes = 0
  let synced = 0
  let syncing: Promise<void> | undefined
  let failure: { readonly error: unknown } | undefined
  const fail = (error: unknown) => {
    failure ??= { error }
  }
  /** Hashes and writes a full slot beside the reading, and frees it. */
  const store = (slot: Slot, position: number) => {
    session ??= shared.start()
    const bytes = slot.subarray()
    slots.release(slot, [session.update(bytes), writeAll(handle, bytes, position)], fail)
    if (position - synced < syncEveryBytes || syncing !== undefined) return
    synced = position
    syncing = handle
      .datasync()
      .catch(fail)
      .finally(() => {
        syncing = undefined
      })
  }
  try {
    let slot = await slots.take()
    for await (const chunk of readOnly(source)) {
      signal?.throwIfAborted()
      if (failure !== undefined) throw failure.error
      if (sizeBytes + chunk.length > limitBytes) throw new BlobTooLarge(limitBytes)
      onChunk?.(chunk)
      for (let taken = 0; taken < chunk.length;) {
        if (slot.isFull()) {
          store(slot, sizeBytes - slot.length())
          slot = await slots.take()
        }
        const part = slot.fill(chunk, taken)
        taken += part
        sizeBytes += part
      }
    }
    if (session === undefined) {
      const bytes = slot.subarray()
      await writeAll(handle, bytes, 0)
      return { sizeBytes, ...hashNow(bytes, names) }
    }
    if (slot.length() > 0) store(slot, sizeBytes - slot.length())
    await slots.settled()
    await syncing
    if (failure !== undefined) throw failure.error
    const { md5 = '', sha512 } = await session.digest()
    session = undefined
    return { sizeBytes, md5, sha512 }
  } finally {
    session?.abandon()
    // Nothing may still write to a file that is about to be closed.
    await slots.settled()
    await syncing
    slots.end()
  }
}

/** A request that is refused half-way must outlive the reading, or the refusal could not be sent. */
function readOnly(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (!(source instanceof Readable)) return source
  return source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
}

function hashNow(bytes: Uint8Array, names: readonly HashName[]): { md5: string; sha512?: string } {
  const digests = names.map((name) => [name, createHash(name).update(bytes).digest('hex')])
  return Object.fromEntries(digests) as { md5: string; sha512?: string }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
