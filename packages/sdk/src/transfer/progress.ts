/** What a long call is doing: reading the first bytes, sending, waiting for the server, checking, receiving. */
export type ProgressPhase = 'inspect' | 'upload' | 'server' | 'verify' | 'download'

/** How far a long call has progressed. */
export interface Progress {
  readonly phase: ProgressPhase
  /** Transferred so far in this phase; back to 0 when a transfer starts over. */
  readonly bytes: number
  /** Undefined when it is not known before the end. */
  readonly total: number | undefined
  /** Since the phase began. */
  readonly bytesPerSecond: number
  /** Undefined without a total or before any byte was transferred. */
  readonly etaSeconds: number | undefined
}

/**
 * Called during a transfer, at most ten times a second, and at the beginning and end of each phase; it is never more than a
 * tenth of a second behind. An error that it throws ends the transfer.
 */
export type OnProgress = (progress: Progress) => void

/** Counts one phase and reports it. */
export interface ProgressMeter {
  add(bytes: number): void
  /** Starts counting again, because the transfer starts over. */
  restart(): void
  /** Reports what is there now. */
  end(): void
  /** Ends the phase, which may have failed: nothing is reported from here on. */
  stop(): void
}

const everyMs = 100

const silent: ProgressMeter = { add() {}, restart() {}, end() {}, stop() {} }

export interface MeterOptions {
  /** Undefined when it is not known before the end. */
  readonly total?: number | undefined
  /** Bytes that are there already: they count, but not for the speed. */
  readonly start?: number
}

/** Reports a phase at its beginning and end, and between them at most every 100 ms. */
export function meterProgress(
  onProgress: OnProgress | undefined,
  phase: ProgressPhase,
  { total, start = 0 }: MeterOptions = {},
): ProgressMeter {
  if (!onProgress) return silent
  let bytes = start
  let moved = 0
  let began = performance.now()
  let reported = began
  let isStopped = false
  let failure: { readonly error: unknown } | undefined
  let late: ReturnType<typeof setTimeout> | undefined
  const report = () => {
    clearTimeout(late)
    late = undefined
    if (isStopped) return
    reported = performance.now()
    const seconds = Math.max((reported - began) / 1000, 0.001)
    const bytesPerSecond = moved / seconds
    const left = total === undefined || moved === 0 ? undefined : Math.max(total - bytes, 0) / bytesPerSecond
    onProgress({ phase, bytes, total, bytesPerSecond, etaSeconds: left })
  }
  // Nobody would catch an error there.
  const reportLate = () => {
    try {
      report()
    } catch (error) {
      failure = { error }
    }
  }
  const throwFailure = () => {
    if (failure) throw failure.error
  }
  report()
  return {
    add(count) {
      throwFailure()
      bytes += count
      moved += count
      const waitMs = reported + everyMs - performance.now()
      if (waitMs <= 0) report()
      // Otherwise a transfer that stalls would never show its last bytes.
      else late ??= setTimeout(reportLate, waitMs)
    },
    restart() {
      throwFailure()
      if (bytes === 0) return
      bytes = 0
      moved = 0
      began = performance.now()
      report()
    },
    end() {
      throwFailure()
      report()
    },
    stop() {
      isStopped = true
      clearTimeout(late)
    },
  }
}

/** Runs a phase: its beginning is reported, its end if it succeeds, and nothing after that. */
export async function metered<T>(
  onProgress: OnProgress | undefined,
  phase: ProgressPhase,
  options: MeterOptions,
  run: (meter: ProgressMeter) => Promise<T>,
): Promise<T> {
  const meter = meterProgress(onProgress, phase, options)
  try {
    const result = await run(meter)
    meter.end()
    return result
  } finally {
    meter.stop()
  }
}
