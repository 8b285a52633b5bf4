import { HttpError } from '../../errors/http-error.js'
import { ImageStatusError, ImportFailedError } from '../../errors/image-errors.js'
import { addHint, UsageError } from '../../errors/tyrax-error.js'
import { toSource } from '../../sources/to-source.js'
import type { Source } from '../../sources/source.js'
import { urlSource } from '../../sources/url-source.js'
import { redactUrl } from '../../transport/redact.js'
import type { ImageContext } from '../images/context.js'
import { getImage } from '../images/get.js'
import type { Image, ImageRef } from '../images/image.js'
import { queuedRecord, uploadImage } from '../images/upload.js'
import { checksumIn } from '../images/upload/open-source.js'
import type { UploadTarget } from '../images/upload/pipeline.js'
import { stageImage } from '../stage/stage-image.js'
import { importState } from '../wait/import-state.js'
import type { PollClock } from '../wait/poll-clock.js'
import { waitForImage } from '../wait/wait-for-image.js'
import type { WaitedImage } from '../wait/wait-options.js'
import { checkImport, viaOfMethod } from './check-import.js'
import { type Way, waysToImport } from './choose-way.js'
import { compareImport, type ExpectedData } from './compare-import.js'
import { importMethods } from './import-methods.js'
import type { ImportMethod, ImportOptions, ImportResult, ImportVia } from './import-options.js'
import { type LookedAt, lookAtUrl } from './look-at-url.js'
import { startImport } from './start-import.js'

/** Brings data into an image, by the server's import or by an upload. */
export async function importImage(
  context: ImageContext,
  clock: PollClock,
  image: ImageRef,
  options: ImportOptions,
): Promise<ImportResult> {
  checkImport(options)
  const record = await getImage(context, image, { signal: options.signal })
  const work = new Import(context, clock, record, options)
  const { method, uri, source } = options
  const isOfVia = method === undefined || (viaOfMethod[method] !== undefined && (uri ?? source) !== undefined)
  return isOfVia ? work.byBestWay() : work.byMethod(method)
}

/** The status that an image must have for a method (glance/api/v2/images.py, `import_image`). */
const statusFor: Readonly<Record<string, string>> = {
  'copy-image': 'active',
  'glance-direct': 'uploading',
  'glance-download': 'queued',
}

/** How long the look at an address may take that explains a failure. */
const explainingMs = 10_000

class Import {
  readonly #context: ImageContext
  readonly #clock: PollClock
  readonly #record: Image
  readonly #options: ImportOptions
  readonly #refused: { readonly via: ImportVia; readonly reason: string }[] = []

  constructor(context: ImageContext, clock: PollClock, record: Image, options: ImportOptions) {
    this.#context = context
    this.#clock = clock
    this.#record = record
    this.#options = options
  }

  /** What `via` does not cover: the server does everything. */
  async byMethod(method: ImportMethod): Promise<ImportResult> {
    const needed = statusFor[method]
    const { id, status } = this.#record
    if (needed !== undefined && status !== needed) {
      throw new ImageStatusError(`the image ${id} is ${status}: ${method} needs an image that is ${needed}`, status, {
        ...(method === 'glance-direct' && { hint: 'stage its data first, or give the data as a source' }),
      })
    }
    return this.#start(method, { via: undefined, reason: `the method ${method} was requested` })
  }

  async byBestWay(): Promise<ImportResult> {
    const { via = 'auto', method, diskFormat, signal } = this.#options
    const target = await queuedRecord(this.#context, this.#record, { diskFormat, signal })
    const named = via === 'auto' ? viaOfMethod[method ?? ''] : via
    if (named !== undefined) return this.#take({ via: named, reason: `${named} was requested` }, target)
    const methods = await importMethods(this.#context, { signal })
    const looked = await this.#look(target)
    const ways = waysToImport({
      hasUri: this.#options.uri !== undefined,
      mustBeSent: this.#mustBeSent(looked),
      isForMany: this.#isForMany(),
      methods,
    })
    for (const [index, way] of ways.entries()) {
      try {
        return await this.#take(way, target, looked)
      } catch (error) {
        if (index === ways.length - 1 || !(await this.#mayTryAnother(error))) throw this.#withRefused(error)
        this.#refused.push({ via: way.via, reason: error instanceof Error ? error.message : String(error) })
      }
    }
    throw new UsageError('there is no way to import this')
  }

  async #take(way: Way, target: UploadTarget, looked?: LookedAt): Promise<ImportResult> {
    if (way.via === 'web') return this.#byWeb(way, target, looked ?? (await this.#look(target)))
    return way.via === 'direct' ? this.#direct(way) : this.#upload(way)
  }

  /** The server downloads the data. */
  async #byWeb(way: Way, target: UploadTarget, looked: LookedAt | undefined): Promise<ImportResult> {
    const mustBeSent = this.#mustBeSent(looked)
    if (mustBeSent !== undefined && this.#options.force !== true) {
      throw new UsageError(`${mustBeSent}, so the server must not download it`, {
        hint: 'via: upload (--via upload) sends it from here',
      })
    }
    await target.claim(looked?.seen.diskFormat ?? this.#declaredFormat(target))
    const { containerFormat } = target
    const diskFormat = looked?.seen.diskFormat ?? target.diskFormat
    const label = looked?.seen.url ?? shownAddress(this.#options.uri)
    const expected: ExpectedData = { diskFormat, containerFormat, size: looked?.seen.size, label }
    try {
      const result = await this.#start('web-download', way, expected)
      return { ...result, ...looked?.report, ...(looked && { seen: looked.seen }) }
    } catch (error) {
      if (error instanceof ImportFailedError) await this.#explain(error, target)
      throw error
    }
  }

  /** The data is staged, and imported from there. */
  async #direct(way: Way): Promise<ImportResult> {
    const { image, bytes, sha512, ...report } = await stageImage(
      this.#context,
      this.#record,
      this.#source(),
      this.#sending(),
    )
    const { diskFormat, containerFormat } = image
    const expected = { diskFormat, containerFormat, size: bytes, sha512, label: 'the data that was sent' }
    try {
      return { ...(await this.#start('glance-direct', way, expected)), ...report }
    } catch (error) {
      if (error instanceof HttpError) {
        addHint(error, `the data is staged: import the image ${image.id} by glance-direct, or delete it`)
      }
      throw error
    }
  }

  async #upload(way: Way): Promise<ImportResult> {
    const { stores } = this.#options
    if (this.#isForMany()) {
      throw new UsageError('an upload reaches one store', { hint: 'via: direct (--via direct) reaches several' })
    }
    const sending = { ...this.#sending(), ...(stores && { store: stores[0] }) }
    const {
      image,
      verdict,
      bytes: _,
      osHashAlgo: _a,
      osHashValue: _v,
      ...report
    } = await uploadImage(this.#context, this.#record, this.#source(), sending)
    return { ...this.#found(image, way), method: undefined, isDone: true, verdict, ...report }
  }

  async #start(
    method: ImportMethod,
    way: { readonly via: ImportVia | undefined; readonly reason: string },
    expected?: ExpectedData,
  ): Promise<ImportResult> {
    const { signal, stores, wait = false } = this.#options
    const { id } = this.#record
    const requestId = await startImport(this.#context, id, method, this.#options)
    if (!wait) {
      const image = await getImage(this.#context, id, { signal })
      return { ...this.#found(image, way), method, isDone: false }
    }
    const started = { image: this.#record, requestId, stores, sizeBytes: expected?.size }
    const { timeoutMs, intervalMs, stuckMs, onPoll, onProgress } = this.#options
    const waiting = { timeoutMs, intervalMs, stuckMs, onPoll, onProgress, signal }
    const { storeResults, task, ...image }: WaitedImage = await waitForImage(
      this.#context,
      this.#clock,
      id,
      waiting,
      started,
    )
    const compared = expected && (await compareImport(this.#context, image, expected))
    return {
      ...this.#found(image, way),
      method,
      isDone: true,
      ...compared,
      ...(storeResults && { storeResults }),
      ...(task && { task }),
    }
  }

  #found(image: Image, { via, reason }: { readonly via: ImportVia | undefined; readonly reason: string }) {
    return { image, via, reason, refused: this.#refused }
  }

  /** Undefined for data that has no address, or must not be looked at. */
  async #look(target: UploadTarget): Promise<LookedAt | undefined> {
    const { uri, preflight = true } = this.#options
    return uri === undefined || !preflight ? undefined : lookAtUrl(this.#context, uri, target, this.#options)
  }

  /** Why the server cannot download the data, or should not. */
  #mustBeSent(looked: LookedAt | undefined): string | undefined {
    if (looked?.compression) {
      return `the data is compressed with ${looked.compression}, which the server would store as it is`
    }
    if (checksumIn(this.#options) !== undefined) return 'the server does not compare the published checksum'
    const { username, password } = new URL(this.#options.uri ?? 'x:')
    return username || password ? 'the server cannot use the credentials in the address' : undefined
  }

  #isForMany(): boolean {
    return this.#options.allStores === true || (this.#options.stores?.length ?? 0) > 1
  }

  #source(): Source {
    const { uri, source } = this.#options
    if (uri !== undefined) return urlSource(this.#context.platform.getUrl, uri, { retry: this.#context.retry })
    if (source === undefined) throw new UsageError('there is no data to send', { hint: 'give uri or source' })
    return toSource(source)
  }

  #sending() {
    const { diskFormat, decompress, force, limitRate, timeouts, onWarning, onDamaged, onProgress, signal } =
      this.#options
    const sourceChecksum = checksumIn(this.#options)
    return {
      diskFormat,
      decompress,
      sourceChecksum,
      force,
      limitRate,
      timeouts,
      onWarning,
      onDamaged,
      onProgress,
      signal,
    }
  }

  #declaredFormat({ diskFormat }: UploadTarget): string {
    if (diskFormat !== 'auto') return diskFormat
    throw new UsageError(
      `the image ${this.#record.id} has no disk format, and the data is not looked at to detect it`,
      {
        hint: 'name it with diskFormat (--disk-format)',
      },
    )
  }

  /** Whether the image can still be filled in another way, after an error that this way may have caused. */
  async #mayTryAnother(problem: unknown): Promise<boolean> {
    const isRefusal = problem instanceof HttpError && refusals.includes(problem.status)
    if (!isRefusal && !(problem instanceof ImportFailedError)) return false
    const { signal } = this.#options
    const now = await getImage(this.#context, this.#record, { signal }).catch(() => undefined)
    return now?.status === 'queued' && importState(now).taskId === undefined
  }

  #withRefused(error: unknown): unknown {
    for (const { via, reason } of this.#refused) addHint(error, `${via} was tried before: ${reason}`)
    return error
  }

  /** The server's message rarely tells what was wrong with an address. */
  async #explain(failed: ImportFailedError, target: UploadTarget): Promise<void> {
    const { uri, signal } = this.#options
    if (uri === undefined || signal?.aborted) return
    const limit = AbortSignal.timeout(explainingMs)
    const inTime = { ...this.#options, onWarning: undefined, onProgress: undefined }
    await lookAtUrl(this.#context, uri, target, { ...inTime, signal: limit }).catch((reason: unknown) => {
      if (!limit.aborted) addHint(failed, `from here, ${reason instanceof Error ? reason.message : String(reason)}`)
    })
  }
}

/** Not found, forbidden, conflict: a method that is advertised and does not work. 400: a filtered address. */
const refusals: readonly number[] = [400, 403, 404, 405, 409, 501]

const shownAddress = (uri: string | URL | undefined): string => redactUrl(new URL(uri ?? ''))
