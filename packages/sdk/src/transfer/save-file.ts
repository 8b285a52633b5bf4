import { sayWhatIsLeft, wasCutShort } from '../errors/cut-short.js'
import { UsageError } from '../errors/tyrax-error.js'
import { isWrongData } from '../retry/failures.js'
import { policies } from '../retry/policies.js'
import type { FileTarget, FileTargetOptions, Platform } from '../platform/platform.js'
import type { OnDamaged, Verdict } from './verdict.js'

/** What every download into a file takes. */
export interface SaveOptions {
  /**
   * The file to write. It appears under this name only when it is complete and verified; until then it is
   * `<name>.part`.
   */
  readonly to: string
  /** Replace an existing file. @default false */
  readonly overwrite?: boolean | undefined
  /**
   * Resume from the `.part` file that an earlier download of the same data left, and leave one for the next when this
   * one fails. False: begin at the first byte, and leave nothing.
   * @default true
   */
  readonly resume?: boolean | undefined
  /**
   * Keep the `.part` file when this download fails, so that another one can resume from it. Wrong data is removed in
   * any case.
   * @default true, unless `resume` is false
   */
  readonly keepOnFailure?: boolean | undefined
  /** Called with the error when the data arrived damaged, before it is fetched again from the beginning. */
  readonly onDamaged?: OnDamaged | undefined
}

/** The options of a download that may write a file: `to` may be undefined, which returns a stream. */
export type MaybeSaved<Options extends SaveOptions> = Omit<Options, 'to'> & { readonly to: string | undefined }

/** A file that has been written. */
export interface SavedFile {
  /** Absolute. */
  readonly path: string
  readonly bytes: number
  /** How many of these an earlier download had left. They are hashed like the others. */
  readonly resumedBytes: number
  readonly verdict: Verdict
}

/** The result of filling the file once. */
interface Filled {
  readonly bytes: number
  readonly verdict: Verdict
}

/** The data to save, and how it is fetched. */
export interface SaveSource<T extends Filled, R> extends Pick<
  FileTargetOptions,
  'sizeBytes' | 'identity' | 'algorithm'
> {
  /**
   * Fetches what the file lacks after its first `start` bytes, and compares all of it.
   * @throws IntegrityError or ChecksumMismatch for wrong bytes that may be right when they are fetched again
   */
  fill(target: FileTarget, start: number): Promise<T>
  /**
   * Makes the last comparisons, which fetching again would not change, and returns what else the download results in.
   * @throws ChecksumMismatch
   */
  accept(filled: T, path: string): R
}

/** @throws UsageError for options that contradict each other */
export function checkSaveOptions({ resume, keepOnFailure }: SaveOptions): void {
  if (resume !== false || keepOnFailure !== true) return
  throw new UsageError('without resume nothing is kept for another download', {
    hint: 'leave keepOnFailure (--keep-on-failure) out, or resume',
  })
}

/**
 * Writes data to a file: to a `.part` file, which is compared, synced to the disk and renamed. If it fails, the next
 * download resumes from the `.part` file. Bytes that arrive damaged are fetched again, from the beginning.
 * @throws TargetError; IntegrityError or ChecksumMismatch when the bytes are wrong the second time too
 */
export async function saveFile<T extends Filled, R>(
  platform: Platform,
  options: SaveOptions,
  source: SaveSource<T, R>,
): Promise<SavedFile & R> {
  const { sizeBytes, identity, algorithm } = source
  const target = await platform.openTarget(options.to, {
    overwrite: options.overwrite,
    sizeBytes,
    identity: options.resume === false ? undefined : identity,
    algorithm,
  })
  try {
    const { filled, resumedBytes } = await fillVerified(target, source, options.onDamaged)
    const { path } = target
    const rest = source.accept(filled, path)
    await target.commit()
    return { path, bytes: filled.bytes, resumedBytes, verdict: filled.verdict, ...rest }
  } catch (error) {
    throw await keepOrDiscard(target, error, { sizeBytes, keeps: options.keepOnFailure ?? true })
  }
}

/**
 * Wrong data is fetched once more, from the first byte, because the bytes that an earlier download left may be the
 * wrong ones.
 */
async function fillVerified<T extends Filled>(
  target: FileTarget,
  source: Pick<SaveSource<T, unknown>, 'fill'>,
  onDamaged: OnDamaged | undefined,
): Promise<{ readonly filled: T; readonly resumedBytes: number }> {
  const { kept } = target
  try {
    return { filled: await source.fill(target, kept), resumedBytes: kept }
  } catch (error) {
    if (!policies.wrongFile.isWorthRetrying(error)) throw error
    await target.restart()
    onDamaged?.(error)
    return { filled: await source.fill(target, 0), resumedBytes: 0 }
  }
}

/** Removes wrong bytes; keeps others, and notes that on the error. */
async function keepOrDiscard(
  target: FileTarget,
  error: unknown,
  { sizeBytes, keeps }: { readonly sizeBytes: number | undefined; readonly keeps: boolean },
): Promise<unknown> {
  if (isWrongData(error)) {
    await target.discard()
    return error
  }
  const left = keeps ? await target.keep() : await target.discard().then(() => 0)
  if (left > 0) {
    const of = sizeBytes === undefined ? '' : ` of ${sizeBytes}`
    sayWhatIsLeft(
      error,
      `${target.path}.part keeps ${left}${of} bytes: run the same download again to resume from there`,
    )
  } else if (wasCutShort(error)) {
    sayWhatIsLeft(error, `nothing is left at ${target.path}: run the same download again`)
  }
  return error
}

/** Writes chunks to the file, starting at `at`, as they arrive; `onChunk` is called before each is written. */
export async function writeChunks(
  target: FileTarget,
  at: number,
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const writer = target.writer(at)
  try {
    for await (const chunk of chunks) {
      const counting = onChunk(chunk)
      if (counting) await counting
      const writing = writer.write(chunk)
      if (writing) await writing
    }
  } finally {
    await writer.flush()
  }
}
