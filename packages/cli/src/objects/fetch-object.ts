import {
  AbortError,
  fromFile,
  IntegrityError,
  nodePlatform,
  type Progress,
  type StorageObject,
  TyraxError,
  type Verdict,
} from '@tyrax/sdk'
import { type Piece, pieceHashes } from './piece-hashes.js'

/** How {@link fetchObject} fetches. */
interface FetchOptions {
  readonly pieces: readonly Piece[] | undefined
  readonly resume: boolean
  /** Whether a file that is already there is replaced. */
  readonly overwrite: boolean
  readonly signal: AbortSignal
  readonly onBytes: (bytes: number) => void
  /** The bytes came damaged: they are fetched once more, and counted from zero again. */
  readonly onDamaged: (error: IntegrityError) => void
}

/** A file that has been written. */
interface FetchedObject {
  readonly path: string
  readonly bytes: number
  /** Of these, the ones that an earlier run had left. They are hashed like the others. */
  readonly resumedBytes: number
  readonly verdict: Verdict
}

type FileTarget = Awaited<ReturnType<typeof nodePlatform.openTarget>>

/**
 * Writes an object to a file that gets its name only when all of it is there, compared and on the disk; until then it is
 * `<file>.part`. What a failure leaves is gone on with by the next run, if the object is still the same.
 * @throws TargetError, IntegrityError
 */
export async function fetchObject(object: StorageObject, to: string, options: FetchOptions): Promise<FetchedObject> {
  const { container, name, bytes, etag } = object
  const identity = options.resume ? { container, name, bytes, etag } : undefined
  const target = await nodePlatform.openTarget(to, { overwrite: options.overwrite, sizeBytes: bytes, identity })
  try {
    const resumedBytes = await fill(target, object, options)
    await target.commit()
    return { path: target.path, bytes, resumedBytes, verdict: options.pieces ? 'verified' : 'unverifiable' }
  } catch (error) {
    throw await leave(target, error, bytes)
  }
}

/** What turns out wrong is fetched once more, from the first byte. Gives the bytes that were kept. */
async function fill(target: FileTarget, object: StorageObject, options: FetchOptions): Promise<number> {
  const { kept } = target
  try {
    await fillFrom(target, object, kept, options)
    return kept
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error
    await target.restart()
    options.onDamaged(error)
    await fillFrom(target, object, 0, options)
    return 0
  }
}

async function fillFrom(
  target: FileTarget,
  object: StorageObject,
  start: number,
  { pieces, signal, onBytes }: FetchOptions,
): Promise<void> {
  const hashes = pieceHashes(object.label, pieces ?? [])
  const writer = target.writer(start)
  try {
    if (start > 0) {
      for await (const chunk of fromFile(`${target.path}.part`).open({ end: start, signal })) {
        await hashes.update(chunk)
        onBytes(chunk.byteLength)
      }
      if (start === object.bytes) return
    }
    for await (const chunk of object.open({ start, signal })) {
      await hashes.update(chunk)
      onBytes(chunk.byteLength)
      const busy = writer.write(chunk)
      if (busy) await busy
    }
  } finally {
    hashes.dispose()
    await writer.flush()
  }
}

/** Wrong bytes are removed, others kept; the error says so. */
async function leave(target: FileTarget, error: unknown, bytes: number): Promise<unknown> {
  if (error instanceof IntegrityError) {
    await target.discard()
    return error
  }
  const left = await target.keep()
  if (!(error instanceof TyraxError)) return error
  const kept = `${target.path}.part keeps ${left} of ${bytes} bytes: run the same command again to go on`
  if (left > 0) error.hint = error.hint ? `${error.hint}; ${kept}` : kept
  else if (error instanceof AbortError) error.hint = `nothing is left at ${target.path}: run the same command again`
  return error
}

/** The same bytes, compared as they pass; the last ones come, and then the error. */
export async function* compared(
  object: StorageObject,
  pieces: readonly Piece[] | undefined,
  { signal, onBytes }: Pick<FetchOptions, 'signal' | 'onBytes'>,
): AsyncGenerator<Uint8Array, void> {
  const hashes = pieceHashes(object.label, pieces ?? [])
  try {
    for await (const chunk of object.stream({ signal })) {
      await hashes.update(chunk)
      onBytes(chunk.byteLength)
      yield chunk
    }
  } finally {
    hashes.dispose()
  }
}

/** Reports bytes as progress of a download. */
export function countDownload(total: number, report: (progress: Pick<Progress, 'phase' | 'bytes' | 'total'>) => void) {
  let bytes = 0
  return {
    add(count: number) {
      bytes += count
      report({ phase: 'download', bytes: Math.min(bytes, total), total })
    },
    restart() {
      bytes = 0
    },
  }
}
