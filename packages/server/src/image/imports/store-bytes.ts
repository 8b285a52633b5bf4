import type { PendingBlob } from '../../blobs/blob-store.js'
import { hashAlgorithms, type HashAlgorithm } from '../../blobs/hash-algorithms.js'
import { judgeFormat, watchFormat } from '../data/format-watch.js'
import { orDiscard } from '../data/received-bytes.js'
import type { ImageRecord } from '../images/image-record.js'
import type { ImageData, ServerChange } from '../images/server-change.js'
import type { ImageParts } from '../parts.js'
import { requireWritable } from '../stores/stores.js'
import type { CopySource, ImportSource, StagedSource, StreamSource } from './methods/import-method.js'

/** Bytes that are ready to be put into stores. */
export interface ReadyBytes {
  /** What the image gets when it becomes active; undefined if it is active. */
  readonly data: ImageData | undefined
  /**
   * Puts a copy into a store: makes its file, then runs `commit` with the change that names it.
   * @throws what `commit` throws, and errors of the disk; then no file remains
   */
  put(store: string | null, commit: (change: ServerChange) => void): Promise<void>
  /** Removes what no store has taken. */
  discard(): Promise<void>
}

interface StoringOptions {
  readonly parts: Pick<ImageParts, 'blobs' | 'config'>
  readonly image: ImageRecord
  readonly signal: AbortSignal
  /** Called with the bytes stored so far, for each piece and once for all. */
  readonly onProgress: (bytes: number, isAll: boolean) => void
}

/**
 * Reads, hashes and checks the bytes of an import, so that they can be put into stores.
 * @throws unsupported-data when the content contradicts the image's formats; BlobTooLarge past the size cap;
 * BlobStorageFull; Error when their number is not the declared one
 */
export async function readyBytes(source: ImportSource, options: StoringOptions): Promise<ReadyBytes> {
  const ready = await read(source, options)
  return {
    ...ready,
    async put(store, commit) {
      requireWritable(options.parts.config.stores, store)
      await ready.put(store, commit)
    },
  }
}

function read(source: ImportSource, options: StoringOptions): Promise<ReadyBytes> {
  if (source.kind === 'stream') return fromStream(source, options)
  if (source.kind === 'staged') return fromStaged(source, options)
  return fromCopy(source, options)
}

async function fromStream(source: StreamSource, options: StoringOptions): Promise<ReadyBytes> {
  const { blobs, config } = options.parts
  const { image, signal, onProgress } = options
  const { disk_format, container_format } = source.formats ?? image
  const watch = watchFormat(disk_format ?? '', container_format ?? '', config.requireFormatMatch)
  let bytes = 0
  const pending = await blobs.write(source.bytes, {
    hash: config.hashAlgorithm,
    limitBytes: config.quotas.imageSizeCapBytes,
    signal,
    onChunk(chunk) {
      watch.onChunk?.(chunk)
      bytes += chunk.length
      onProgress(bytes, false)
    },
  })
  const virtual_size = await orDiscard(pending, () => {
    onProgress(bytes, true)
    if (source.declaredSize !== undefined && source.declaredSize !== pending.sizeBytes) {
      throw new Error(`the source has ${pending.sizeBytes} bytes instead of the declared ${source.declaredSize}`)
    }
    return watch.conclude()
  })
  const extra = { ...(source.formats && { formats: source.formats }), properties: source.properties ?? {} }
  return createReadyBytes(options, {
    data: dataOf(pending, config.hashAlgorithm, virtual_size),
    extra,
    take: (commit) => pending.publish(() => commit(pending.key)),
    discard: () => pending.discard(),
  })
}

async function fromStaged({ staged }: StagedSource, options: StoringOptions): Promise<ReadyBytes> {
  const { image, parts } = options
  const declared = { diskFormat: image.disk_format ?? '', containerFormat: image.container_format ?? '' }
  const virtual = judgeFormat({ ...declared, requireMatch: parts.config.requireFormatMatch }, staged.inspection)
  options.onProgress(staged.size, true)
  return createReadyBytes(options, {
    data: dataOf({ ...staged, sizeBytes: staged.size }, staged.hashAlgorithm, virtual),
    extra: { forgetStaged: true },
    // The staged file becomes the first copy.
    take: async (commit) => commit(staged.blobKey),
    discard: async () => undefined,
  })
}

async function fromCopy({ read }: CopySource, options: StoringOptions): Promise<ReadyBytes> {
  return {
    data: undefined,
    put: (store, commit) =>
      copyBytes(read, options.image, options, (key) => commit({ addLocation: { store, blobKey: key } })),
    discard: async () => undefined,
  }
}

interface FirstCopy {
  readonly data: ImageData
  /** What the change of the first copy also does. */
  readonly extra: ServerChange
  take(commit: (key: string) => void): Promise<void>
  discard(): Promise<void>
}

function createReadyBytes(options: StoringOptions, first: FirstCopy): ReadyBytes {
  let taken: string | undefined
  return {
    data: first.data,
    async put(store, commit) {
      if (taken !== undefined) {
        const from = taken
        const read = () => options.parts.blobs.read(from)
        return copyBytes(read, first.data, options, (key) => commit({ addLocation: { store, blobKey: key } }))
      }
      await first.take((key) => {
        commit({ ...first.extra, addLocation: { store, blobKey: key } })
        taken = key
      })
    },
    async discard() {
      if (taken === undefined) await first.discard()
    },
  }
}

/** Writes another copy of stored bytes and compares their hash. */
async function copyBytes(
  read: () => AsyncIterable<Uint8Array>,
  known: Pick<ImageRecord, 'os_hash_algo' | 'os_hash_value'>,
  { parts, signal, onProgress }: StoringOptions,
  commit: (key: string) => void,
): Promise<void> {
  let bytes = 0
  const pending = await parts.blobs.write(read(), {
    hash: hashAlgorithms.find((name) => name === known.os_hash_algo),
    signal,
    onChunk(chunk) {
      bytes += chunk.length
      onProgress(bytes, false)
    },
  })
  await orDiscard(pending, () => {
    onProgress(bytes, true)
    if (pending.hash === undefined || pending.hash === known.os_hash_value) return
    throw new Error('The stored data is damaged: its hash has changed.')
  })
  await pending.publish(() => commit(pending.key))
}

function dataOf(
  { sizeBytes, md5, hash }: Pick<PendingBlob, 'sizeBytes' | 'md5' | 'hash'>,
  os_hash_algo: HashAlgorithm,
  virtual_size: number | null,
): ImageData {
  return { size: sizeBytes, virtual_size, checksum: md5, os_hash_algo, os_hash_value: hash ?? '' }
}
