import { imageStatuses } from '@tyrax/protocol'
import { TimeoutError } from '../../errors/connection-errors.js'
import { HttpError, NotFoundError } from '../../errors/http-error.js'
import { ImageStatusError, ImportFailedError } from '../../errors/image-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { policies } from '../../retry/policies.js'
import { linkedController } from '../../transport/aborting.js'
import type { ImageContext } from '../images/context.js'
import { getImage } from '../images/get.js'
import type { Image, ImageRef } from '../images/image.js'
import { imageId } from '../images/image-id.js'
import { type ImageTask, isEndedTask } from '../tasks/image-task.js'
import { tasksOfImage } from '../tasks/task-requests.js'
import { importState, isImport, storeResults } from './import-state.js'
import type { PollClock } from './poll-clock.js'
import { ServerProgress } from './server-progress.js'
import type { WaitedImage, WaitOptions } from './wait-options.js'

/** An import that the caller has started, and knows more about than the image reveals. */
export interface StartedImport {
  /** The record before it. */
  readonly image: Image
  /** The id of the request that started it, which its task has too. */
  readonly requestId: string
  readonly stores?: readonly string[] | undefined
  /** The number of bytes to copy, if known. */
  readonly sizeBytes?: number | undefined
}

/**
 * Polls an image, and the tasks that work on it, until it has a status. A failed import resets an image to `queued`, so
 * that ends the wait as well, with the message of its task. Transient failures of network and server do not.
 * @throws ImportFailedError; ImageStatusError when the status can no longer be reached; TimeoutError past the deadline,
 * with the last state
 */
export async function waitForImage(
  context: ImageContext,
  clock: PollClock,
  ref: ImageRef,
  options: WaitOptions = {},
  started?: StartedImport,
): Promise<WaitedImage> {
  const { for: wanted = 'active' } = options
  if (!(imageStatuses as readonly string[]).includes(wanted)) {
    throw new UsageError(`images have no status ${wanted}`, { hint: `use one of ${imageStatuses.join(', ')}` })
  }
  return new ImageWait(context, clock, imageId(ref), options, started).untilDone()
}

/** The first poll may take this long, however short the time limit is. */
const firstPollMs = 5000
/** A task is marked as failed shortly after its image was reset; a server that was killed in between never does. */
const lateTaskMs = 30_000

/** One image that is waited for. */
class ImageWait {
  readonly #context: ImageContext
  readonly #clock: PollClock
  readonly #id: string
  readonly #options: WaitOptions
  readonly #wanted: string
  readonly #started: StartedImport | undefined
  readonly #progress: ServerProgress
  readonly #began = performance.now()
  #signal: AbortSignal | undefined
  #last: Image | undefined
  #task: ImageTask | undefined
  /** The import that was seen running. */
  #taskId: string | undefined
  #worked: boolean
  #failures = 0
  #pauseMs = 100
  #lastState = ''
  #changedAt = performance.now()

  constructor(
    context: ImageContext,
    clock: PollClock,
    id: string,
    options: WaitOptions,
    started: StartedImport | undefined,
  ) {
    this.#context = context
    this.#clock = clock
    this.#id = id
    this.#options = options
    this.#wanted = options.for ?? 'active'
    this.#started = started
    this.#last = started?.image
    this.#worked = started !== undefined
    this.#progress = new ServerProgress(options.onProgress)
  }

  async untilDone(): Promise<WaitedImage> {
    const { timeoutMs, signal } = this.#options
    const { control, unlink } = linkedController(signal)
    this.#signal = control.signal
    const end = () => control.abort(this.#tooLate(timeoutMs ?? 0))
    let cancel = timeoutMs === undefined ? () => undefined : this.#clock.alarm(Math.max(timeoutMs, firstPollMs), end)
    try {
      for (let polls = 1; ; polls += 1) {
        const done = await this.#poll()
        if (done) return done
        const leftMs = (timeoutMs ?? Number.POSITIVE_INFINITY) - (performance.now() - this.#began)
        if (leftMs <= 0) throw this.#tooLate(timeoutMs ?? 0)
        if (polls === 1 && timeoutMs !== undefined) {
          cancel()
          cancel = this.#clock.alarm(leftMs, end)
        }
        await this.#clock.sleep(this.#nextPause(), this.#signal)
      }
    } finally {
      cancel()
      unlink()
    }
  }

  /** The result, when there is one. */
  async #poll(): Promise<WaitedImage | undefined> {
    try {
      const done = await this.#clock.turn(() => this.#look(), this.#signal)
      this.#failures = 0
      return done
    } catch (error) {
      if (this.#signal?.aborted || error instanceof ImageStatusError || error instanceof StandstillError) throw error
      if (error instanceof NotFoundError) return this.#gone(error)
      this.#failures += 1
      const isPatient = this.#options.timeoutMs !== undefined || this.#failures <= policies.wait.retries
      if (!isPatient || !policies.wait.isWorthRetrying(error)) throw error
      return undefined
    }
  }

  async #look(): Promise<WaitedImage | undefined> {
    let image = await getImage(this.#context, this.#id, { signal: this.#signal })
    const { taskId } = importState(image)
    this.#last = image
    this.#taskId = taskId ?? this.#taskId
    const isWanted = image.status === this.#wanted
    const mayWork = taskId !== undefined || this.#worked || image.status === 'queued'
    if (mayWork && !(isWanted && this.#wanted === 'queued')) await this.#readTask()
    if (taskId !== undefined && this.#task && isEndedTask(this.#task)) {
      // It ended after the image was read, which does not tell yet what has become of each store.
      image = await getImage(this.#context, this.#id, { signal: this.#signal })
      this.#last = image
      this.#worked = true
    }
    this.#options.onPoll?.(image, this.#task)
    this.#options.onLook?.(image)
    return this.#judge(image, importState(image).taskId !== undefined)
  }

  #judge(image: Image, isLocked: boolean): WaitedImage | undefined {
    const isRunning = this.#isRunning(isLocked)
    if (isLocked || isRunning) this.#progress.report(image, this.#task, this.#started?.sizeBytes)
    if (image.status === this.#wanted && !(this.#wanted === 'active' && isRunning)) {
      // A copy to another store leaves its image active when it fails.
      if (this.#started && this.#task?.status === 'failure') throw this.#failed(image)
      this.#progress.end()
      return this.#result(image)
    }
    if (image.status === 'queued') {
      const hasFailedBefore = this.#wanted === 'active' && this.#task?.status === 'failure'
      const hasFailed = hasFailedBefore || (this.#wanted !== 'deleted' && this.#worked && !isRunning)
      if (!isLocked && hasFailed) throw this.#failed(image)
    } else if (isHopeless(image.status, this.#wanted)) {
      throw new ImageStatusError(
        `the image ${this.#id} is ${image.status} and will not become ${this.#wanted}`,
        image.status,
      )
    }
    if (isLocked || working.includes(image.status)) this.#worked = true
    this.#checkStandstill(image, isLocked)
    return undefined
  }

  /** Whether an import is under way, as far as can be told. */
  #isRunning(isLocked: boolean): boolean {
    const task = this.#task
    if (task && isEndedTask(task)) return false
    if (isLocked) return true
    // Its image is unlocked, so the task is about to end.
    return task !== undefined && performance.now() - this.#changedAt < lateTaskMs
  }

  /** The task that works on the image, or did so last. Absent where the server shows none. */
  async #readTask(): Promise<void> {
    const tasks = await tasksOfImage(this.#context, this.#id, { signal: this.#signal }).catch((error: unknown) => {
      // Servers before Wallaby have no such route, and operators may have closed it.
      if (error instanceof HttpError && [403, 404, 405].includes(error.status)) return []
      throw error
    })
    const started = this.#started
    const imports = tasks.filter((task) => isImport(task) && (!started || task.createdAt >= started.image.updatedAt))
    this.#task =
      imports.find(({ requestId }) => requestId !== null && requestId === started?.requestId) ??
      imports.find(({ id }) => id === this.#taskId) ??
      imports[0]
  }

  #result(image: Image): WaitedImage {
    const { failed } = importState(image)
    const isOfImport = this.#worked || failed.length > 0
    const stores = isOfImport ? storeResults(image, this.#started?.stores) : []
    return {
      ...image,
      ...(stores.length > 0 && { storeResults: stores }),
      ...(isOfImport && this.#task && { task: this.#task }),
    }
  }

  #failed(image: Image): ImportFailedError {
    const task = this.#task?.status === 'failure' ? this.#task : undefined
    const { failed } = importState(image)
    const isBack = image.status === 'queued'
    const what = isBack ? 'went back to queued: its upload or import failed' : `is ${image.status}: its import failed`
    const where = failed.length > 0 ? ` (${failed.join(', ')})` : ''
    const why = task?.message ? `: ${task.message}` : ''
    return new ImportFailedError(`the image ${this.#id} ${what}${where}${why}`, {
      status: image.status,
      imageId: this.#id,
      failedStores: failed,
      taskId: task?.id,
      taskMessage: task?.message,
      hint: isBack ? 'correct the cause, then import or upload again: the record is still there' : undefined,
    })
  }

  #gone(cause: NotFoundError): WaitedImage {
    if (!this.#last) throw cause
    if (this.#wanted === 'deleted') return { ...this.#last, status: 'deleted' }
    throw new ImageStatusError(`the image ${this.#id} was deleted while waiting for it`, 'deleted', { cause })
  }

  #checkStandstill(image: Image, isLocked: boolean): void {
    const task = this.#task
    const state = JSON.stringify([image.status, image.updatedAt, image.properties, task?.status, task?.updatedAt])
    if (state !== this.#lastState) this.#changedAt = performance.now()
    this.#lastState = state
    const { stuckMs = 60 * 60_000 } = this.#options
    if (!isLocked || performance.now() - this.#changedAt < stuckMs) return
    throw new StandstillError(`the import of the image ${this.#id} stands still: ${this.#state()}`, {
      limit: 'deadline',
      timeoutMs: stuckMs,
    })
  }

  #tooLate(timeoutMs: number): TimeoutError {
    return new TimeoutError(
      `the image ${this.#id} is not ${this.#wanted} after ${timeoutMs} ms: it is ${this.#state()}`,
      {
        limit: 'deadline',
        timeoutMs,
      },
    )
  }

  /** The last state, for messages. */
  #state(): string {
    if (!this.#last) return 'unknown'
    const { todo } = importState(this.#last)
    const task = this.#task
    const stores = todo.length > 0 ? `, still to be copied to ${todo.join(', ')}` : ''
    const message = task?.message ? `: ${task.message}` : ''
    return `${this.#last.status}${stores}${task ? `, its import is ${task.status}${message}` : ''}`
  }

  /** Longer and longer, and a little random, so that many waits do not poll all at once. */
  #nextPause(): number {
    const elapsed = performance.now() - this.#began
    const longest = this.#options.intervalMs ?? (elapsed < 60_000 ? 2000 : 10_000)
    const pause = Math.min(this.#pauseMs, longest)
    this.#pauseMs = Math.min(this.#pauseMs * 1.5, 10_000)
    return pause * (0.9 + Math.random() * 0.2)
  }
}

/** An import that has stopped without an end. */
class StandstillError extends TimeoutError {}

const working: readonly string[] = ['saving', 'uploading', 'importing']

/** Whether an image in this status, which is not `queued`, will never reach the wanted one. */
function isHopeless(status: string, wanted: string): boolean {
  if (wanted === 'deleted') return false
  if (status === 'active') return wanted === 'queued' || working.includes(wanted)
  return status === 'killed' || status === 'deleted' || status === 'pending_delete' || status === 'deactivated'
}
