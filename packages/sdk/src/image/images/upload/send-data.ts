import { octetStream } from '@tyrax/protocol'
import { path } from '../../../http/path.js'
import { HttpError } from '../../../errors/http-error.js'
import { ImageStatusError } from '../../../errors/image-errors.js'
import { IntegrityError } from '../../../errors/transfer-errors.js'
import { hashSource } from '../../../hashing/hash-source.js'
import { type HashedSource, hashedSource } from '../../../hashing/hashed-source.js'
import { retryDelay } from '../../../retry/delay.js'
import { RecordLostError } from '../../../retry/failures.js'
import { policies, retryPolicy } from '../../../retry/policies.js'
import { sleep } from '../../../retry/sleep.js'
import { readThrough } from '../../../sources/read-through.js'
import type { Source } from '../../../sources/source.js'
import { metered, meterProgress, type ProgressMeter } from '../../../transfer/progress.js'
import { type RateLimit, rateLimits, throttled } from '../../../transfer/transfer-limits.js'
import { isEnded } from '../../../transport/aborting.js'
import type { ImageContext } from '../context.js'
import { expectedHashes, unverifiable } from '../image-hash.js'
import type { Image } from '../image.js'
import { withUsage } from './after-failure.js'
import type { SendOptions, UploadResult } from './options.js'
import { waitWhileSaving } from './wait-while-saving.js'

/** Where the data of an image goes. */
export interface SendPlace {
  /** The last segment of the route. */
  readonly route: 'file' | 'stage'
  /** The status of an image whose data has arrived. */
  readonly done: 'active' | 'uploading'
  /** Whether the server is still receiving or storing data. @default while the image is `saving` or `importing` */
  readonly isBusy?: (image: Image) => boolean
}

/** The image's store. */
export const intoStore: SendPlace = { route: 'file', done: 'active' }

/**
 * The staging area, from which the data is imported later. The size is set when all data is there
 * (glance/api/v2/image_data.py, `stage`).
 */
export const intoStaging: SendPlace = {
  route: 'stage',
  done: 'uploading',
  isBusy: ({ status, size }) => status === 'uploading' && size === null,
}

/** What was sent, and its digests by algorithm. */
export interface SentData extends UploadResult {
  readonly digests: Readonly<Record<string, string>>
}

/** After a broken exchange whose bytes all arrived: how long the server may take to finish storing them. */
const savingAfterFailureMs = 5 * 60_000
/**
 * When bytes are missing: how long the server may take to notice. One that was killed never does
 * (glance/api/v2/image_data.py).
 */
const savingCutShortMs = 30_000
/** By then, a service that restarts is back. */
const unreachableMs = 60_000
/** After a successful response: the image is active by then, except with servers that respond before it is. */
const savingAfterSuccessMs = 60 * 60_000
/** Stores flush for minutes after the last byte; a server that is silent for an hour is not coming back. */
const headersTimeoutMs = 60 * 60_000

/**
 * PUT /v2/images/{id}/file (or /stage) until the image is active (or staged) and compared with what was sent. A failed attempt is repeated when
 * the source can be read again and the server has reset the image to `queued`; when only the response was lost, nothing
 * is sent twice.
 * @throws RecordLostError when the data can only be sent to another record
 */
export async function sendData(
  context: ImageContext,
  id: string,
  source: Source,
  options: SendOptions,
  place: SendPlace = intoStore,
): Promise<SentData> {
  return context.transfers.turn(() => new Sending(context, id, source, options, place).untilVerified(), options.signal)
}

/** The upload of one image's data, over as many attempts as it takes. */
class Sending {
  readonly #context: ImageContext
  readonly #id: string
  readonly #source: Source
  readonly #options: SendOptions
  readonly #place: SendPlace
  /** The source, counted and hashed as it is read. */
  readonly #sent: HashedSource
  readonly #meter: ProgressMeter
  /** Of the server's work, from the last byte on. */
  #waiting: ProgressMeter | undefined
  #failures = 0
  /** How often the source was read and turned out damaged. */
  #damages = 0

  constructor(context: ImageContext, id: string, source: Source, options: SendOptions, place: SendPlace) {
    this.#context = context
    this.#id = id
    this.#source = source
    this.#options = options
    this.#place = place
    const limits = rateLimits(context.transfers, options.limitRate)
    const meter = meterProgress(options.onProgress, 'upload', { total: source.size })
    // For a source that cannot be read again, every hash that the server may turn out to use has to be computed.
    let count = 0
    const algorithms = source.replayable ? ['sha512'] : ['sha512', 'md5']
    this.#meter = meter
    this.#sent = hashedSource(limitedSource(source, limits), context.platform, algorithms, (bytes) => {
      if (bytes === 0) {
        count = 0
        this.#waiting = undefined
        meter.restart()
        return
      }
      count += bytes
      meter.add(bytes)
      if (count === source.size) this.#wait()
    })
  }

  async untilVerified(): Promise<SentData> {
    try {
      for (;;) {
        const result = await this.#attempt()
        if (result) return result
      }
    } finally {
      this.#meter.stop()
      this.#sent.dispose()
    }
  }

  /** The result; undefined to try again. */
  async #attempt(): Promise<SentData | undefined> {
    try {
      await this.#put()
      return await this.#finish()
    } catch (error) {
      this.#failures += 1
      return this.#recover(error)
    }
  }

  async #put(): Promise<void> {
    const { store, timeouts, signal } = this.#options
    const { size } = this.#sent
    const response = await this.#context.client.request({
      method: 'PUT',
      path: `${path`/images/${this.#id}`}/${this.#place.route}`,
      body: this.#sent,
      contentType: octetStream,
      headers: {
        ...(size !== undefined && { 'x-openstack-image-size': String(size) }),
        ...(store !== undefined && { 'x-image-meta-store': store }),
      },
      timeouts: { headersTimeoutMs, ...timeouts },
      signal,
    })
    await response.discard()
  }

  /** Everything has been sent: stores may take minutes for it, before the server responds or after. */
  #wait(): ProgressMeter {
    if (this.#waiting) return this.#waiting
    this.#meter.end()
    this.#waiting = meterProgress(this.#options.onProgress, 'server')
    return this.#waiting
  }

  async #finish(): Promise<SentData> {
    const waiting = this.#wait()
    const patience = { savingMs: savingAfterSuccessMs }
    const image = await waitWhileSaving(this.#context, this.#id, patience, this.#options)
    waiting.end()
    const { done } = this.#place
    if (image.status !== done) {
      throw new ImageStatusError(`the image ${this.#id} is ${image.status} after its upload, not ${done}`, image.status)
    }
    return this.#verify(image)
  }

  /** After a failed attempt: the result if the data arrived nevertheless, undefined to try again. */
  async #recover(error: unknown): Promise<SentData | undefined> {
    // Read more often than attempts failed: the client has already repeated the request, with a new token or after a
    // redirect. Browsers do so as well, on their own, when a reused connection breaks.
    const isRepeated =
      this.#failures > 1 || this.#sent.opened > this.#failures || this.#context.client.wholeBodies !== undefined
    const policy = isRepeated ? policies.repeatedUpload : policies.upload
    if (!this.#mayMendDamage(error) && !policy.isWorthRetrying(error)) throw await withUsage(this.#context, error)
    const image = await this.#polled(error, isRepeated)
    if (image.status === this.#place.done) {
      return this.#verify(image).catch((difference: unknown) => {
        // A difference is expected here: it was another client's data, or the attempt was cut short.
        throw difference instanceof IntegrityError ? error : difference
      })
    }
    const retryAfter = error instanceof HttpError ? error.headers.get('retry-after') : undefined
    const moment = { attempt: this.#failures, retryAfter, now: Date.now(), random: Math.random() }
    const delay = retryDelay(retryPolicy('upload', this.#context.retry), moment)
    if (image.status !== 'queued' || !this.#source.replayable || delay === undefined) throw error
    await sleep(delay, this.#options.signal)
    return undefined
  }

  /** Whether the source may arrive undamaged when it is read again. */
  #mayMendDamage(error: unknown): boolean {
    const { retries, isWorthRetrying } = policies.damagedSource
    const { isRemote = false, replayable } = this.#source
    if (!isWorthRetrying(error) || !isRemote || !replayable || this.#damages >= retries) return false
    this.#damages += 1
    this.#options.onDamaged?.(error)
    return true
  }

  /** The image, once the server is done with what it received. */
  async #polled(error: unknown, isRepeated: boolean): Promise<Image> {
    const { bytes, size } = this.#sent
    const isWhole = size === undefined || bytes >= size
    const { settleTimeoutMs = isWhole ? savingAfterFailureMs : savingCutShortMs, signal } = this.#options
    const patience = { savingMs: settleTimeoutMs, unreachableMs, isBusy: this.#place.isBusy }
    try {
      return await waitWhileSaving(this.#context, this.#id, patience, this.#options)
    } catch (problem) {
      if (isEnded(problem) || signal?.aborted) throw problem
      const isLost = problem instanceof ImageStatusError && (isRepeated || problem.status === 'saving')
      throw isLost ? new RecordLostError(problem.message, problem.status, { cause: error }) : error
    }
  }

  /**
   * Compares what was sent with what the server reports to have stored: the size, then the hash that it reports.
   * @throws IntegrityError
   */
  async #verify(image: Image): Promise<SentData> {
    const { bytes } = this.#sent
    const { osHashAlgo, osHashValue } = image
    if (image.size !== null && image.size !== bytes) {
      throw mismatch(image, 'size', `${bytes} bytes`, `${image.size} bytes`)
    }
    const digests = await this.#sent.digest()
    const result = { image, bytes, osHashAlgo, osHashValue, digests }
    for (const { algorithm, value } of expectedHashes(image)) {
      const ours = digests[algorithm] ?? (await this.#hashAgain(algorithm))
      if (ours === undefined) continue
      if (ours !== value) throw mismatch(image, algorithm, ours, value)
      return { ...result, verdict: 'verified' }
    }
    if (this.#options.requireVerified === true) throw unverifiable(image)
    return { ...result, verdict: 'unverifiable' }
  }

  /** For a server that uses another hash than expected, which is known only when the data is there. */
  async #hashAgain(algorithm: string): Promise<string | undefined> {
    if (!this.#source.replayable) return undefined
    const { onProgress, signal } = this.#options
    return metered(onProgress, 'verify', { total: this.#source.size }, (meter) =>
      hashSource(this.#context.platform, this.#source, algorithm, { signal, onChunk: (bytes) => meter.add(bytes) }),
    )
  }
}

/** The same source, read no faster than the limits allow. */
function limitedSource(source: Source, limits: readonly RateLimit[]): Source {
  if (limits.length === 0) return source
  return readThrough(source, {
    open: (options) => throttled(source.open(options), limits, options?.signal),
    blob: undefined,
  })
}

function mismatch(image: Image, what: string, expected: string, actual: string): IntegrityError {
  return new IntegrityError(
    `the image ${image.id} is not what was sent: its ${what} is ${actual}, and ${expected} was sent`,
    { what, expected, actual },
  )
}
