import type { ExpectedChecksum } from '../sources/checksum/expected-checksum.js'
import type { ChecksumLike } from '../sources/checksum/find-checksum.js'
import { comparePublished, publishedChecksum, type SourceChecksum } from '../sources/checksum/published-checksum.js'
import { withDeadline, withinDeadline } from '../transfer/deadline.js'
import { meterProgress, type OnProgress } from '../transfer/progress.js'
import { checkSaveOptions, type SavedFile, saveFile, type SaveOptions, writeChunks } from '../transfer/save-file.js'
import { webStream } from '../transfer/web-stream.js'
import { checkWholeNumber } from '../transfer/transfer-limits.js'
import type { ObjectContext } from './context.js'
import { statObject } from './object-info.js'
import type { ObjectAddress } from './address.js'
import { readObject } from './read-object.js'
import { StorageObject } from './storage-object.js'
import { type Piece, PieceHashes, piecesOf, unverifiableObject } from './verify-object.js'

/** What `objects.download` takes, whether to a file or a stream. */
export interface ObjectDownloadOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
  /**
   * The checksum that was published for the data: `sha256:…` (also md5, sha1, sha224, sha384, sha512), or, for a file,
   * a list like SHA256SUMS that contains its name. It is compared in addition to the server's hash.
   */
  readonly checksum?: ChecksumLike | undefined
  /**
   * Fail instead of returning the verdict `unverifiable`, when the server has no hash of all the bytes: throws an
   * IntegrityError before the first byte. @default false
   */
  readonly requireVerified?: boolean | undefined
  /** Limit of the whole call, in milliseconds; past it, a TimeoutError with the limit `deadline`. @default none */
  readonly deadlineMs?: number | undefined
  /** Attempts without progress before the download is given up. @default the cloud's */
  readonly retries?: number | undefined
  /** Longest silence, in milliseconds, before the connection is given up and another resumes; 0: none. @default the cloud's */
  readonly idleTimeoutMs?: number | undefined
}

/** What `objects.download` takes to write a file. */
export interface ObjectFileDownloadOptions extends ObjectDownloadOptions, SaveOptions {}

/** An object's bytes, to be read by the caller. */
export interface ObjectDownload {
  /** Errors with an IntegrityError as soon as a piece differs from the server's hash. Cancel it to stop. */
  readonly stream: ReadableStream<Uint8Array>
  /** As it was when the download began. */
  readonly object: StorageObject
}

/** A file that has been written. */
export interface ObjectFileDownload extends SavedFile {
  /** The published checksum, when one was given. If it differs, the call fails and there is no file. */
  readonly sourceChecksum?: SourceChecksum
  readonly object: StorageObject
}

/** An object to download, and what its bytes are compared with. */
interface ObjectData {
  readonly context: ObjectContext
  readonly object: StorageObject
  /** Undefined when the server has nothing to compare with. */
  readonly pieces: readonly Piece[] | undefined
  readonly published: ExpectedChecksum | undefined
  readonly options: ObjectDownloadOptions
}

/**
 * Downloads the object to a file; see {@link saveFile}. A large object is compared segment by segment.
 * @throws IntegrityError, ChecksumMismatch when the bytes are wrong the second time too
 */
export async function downloadObjectFile(
  context: ObjectContext,
  at: ObjectAddress,
  options: ObjectFileDownloadOptions,
): Promise<ObjectFileDownload> {
  checkObjectDownload(options)
  checkSaveOptions(options)
  return withDeadline(options.deadlineMs, options.signal, async (signal) =>
    save(await findData(context, at, { ...options, signal }, options.to), options),
  )
}

/** Downloads the object as a stream that is fetched as fast as it is read, and compared while it is read. */
export async function downloadObjectStream(
  context: ObjectContext,
  at: ObjectAddress,
  options: ObjectDownloadOptions,
): Promise<ObjectDownload> {
  checkObjectDownload(options)
  const signal = withinDeadline(options.signal, options.deadlineMs)
  const data = await findData(context, at, { ...options, signal }, 'the stream')
  const bytes = comparedBytes(data)
  // The response is awaited here, so that a refusal is thrown before there is a stream.
  const first = await bytes.next()
  return { object: data.object, stream: webStream(bytes, first) }
}

function checkObjectDownload({ deadlineMs, retries, idleTimeoutMs }: ObjectDownloadOptions): void {
  checkWholeNumber('deadlineMs', deadlineMs, 1, Number.MAX_SAFE_INTEGER)
  checkWholeNumber('retries', retries, 0, 1_000_000)
  checkWholeNumber('idleTimeoutMs', idleTimeoutMs, 0, 2 ** 31 - 1)
}

/** @param label the path that a list of checksums would use for the data */
async function findData(
  context: ObjectContext,
  at: ObjectAddress,
  options: ObjectDownloadOptions,
  label: string,
): Promise<ObjectData> {
  const { signal } = options
  const object = new StorageObject(context, await statObject(context, at, signal))
  const pieces = await piecesOf(context, object, signal)
  if (!pieces && options.requireVerified === true) throw unverifiableObject(object)
  const published = await publishedChecksum(context.platform, options.checksum, label, signal)
  return { context, object, pieces, published, options }
}

function save(data: ObjectData, options: ObjectFileDownloadOptions): Promise<ObjectFileDownload> {
  const { context, object, pieces, published } = data
  const { container, name, bytes, etag } = object
  return saveFile(context.platform, options, {
    sizeBytes: bytes,
    identity: { container, name, size: bytes, etag },
    algorithm: published?.algorithm,
    async fill(target, start) {
      // The hash of a piece also covers its bytes that an earlier download left.
      const meter = meterProgress(data.options.onProgress, 'download', { total: bytes, start: pieces ? 0 : start })
      const hashes = new PieceHashes(context.platform, object.label, pieces ?? [])
      const compare = async (chunk: Uint8Array) => {
        await hashes.update(chunk)
        meter.add(chunk.byteLength)
      }
      try {
        if (pieces) for await (const chunk of target.read(start, data.options.signal)) await compare(chunk)
        if (start < bytes || bytes === 0) await writeChunks(target, start, read(data, start), compare)
        meter.end()
      } finally {
        meter.stop()
        hashes.dispose()
      }
      const actual = published && (await target.digest(bytes))
      if (!pieces) comparePublished(target.path, published, actual)
      return { bytes, verdict: pieces ? 'verified' : 'unverifiable', actual }
    },
    // A verified file has the server's bytes: fetching them again would bring the same ones.
    accept({ actual }, path) {
      const sourceChecksum = comparePublished(path, published, actual)
      return { ...(sourceChecksum && { sourceChecksum }), object }
    },
  })
}

/** @throws IntegrityError, ChecksumMismatch */
async function* comparedBytes(data: ObjectData): AsyncGenerator<Uint8Array, void, undefined> {
  const { context, object, pieces, published, options } = data
  const { platform } = context
  const meter = meterProgress(options.onProgress, 'download', { total: object.bytes })
  const hashes = new PieceHashes(platform, object.label, pieces ?? [])
  const whole = published && (await platform.createHash([published.algorithm], object.bytes))
  try {
    for await (const chunk of read(data, 0)) {
      await hashes.update(chunk)
      await whole?.update(chunk)
      meter.add(chunk.byteLength)
      yield chunk
    }
    meter.end()
    const digests = await whole?.digest()
    comparePublished(object.label, published, published && digests?.[published.algorithm])
  } finally {
    meter.stop()
    hashes.dispose()
    whole?.dispose()
  }
}

/** The bytes from `start`. */
function read({ context, object, options }: ObjectData, start: number): AsyncGenerator<Uint8Array, void, undefined> {
  const { retries, idleTimeoutMs, signal } = options
  const { client } = context
  const retry = retries === undefined ? context.retry : { ...context.retry, retries }
  return readObject({ client, retry, idleTimeoutMs }, object, start === 0 ? undefined : { start }, signal)
}
