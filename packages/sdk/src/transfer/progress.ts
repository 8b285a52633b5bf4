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

/** Called during a transfer, at most ten times a second, and at the beginning and end of each phase. */
export type OnProgress = (progress: Progress) => void

/** Counts one phase and reports it: at its beginning and end, and between them at most every `everyMs`. */
export interface ProgressMeter {
  add(bytes: number): void
  /** Starts counting again, because the transfer starts over. */
  restart(): void
  end(): void
}

const everyMs = 100

export function meterProgress(
  onProgress: OnProgress | undefined,
  phase: ProgressPhase,
  total?: number,
  now: () => number = () => performance.now(),
): ProgressMeter {
  if (!onProgress) return { add() {}, restart() {}, end() {} }
  let bytes = 0
  let began = now()
  let reported = Number.NEGATIVE_INFINITY
  const report = () => {
    reported = now()
    const seconds = Math.max((reported - began) / 1000, 0.001)
    const bytesPerSecond = bytes / seconds
    const left = total === undefined || bytes === 0 ? undefined : Math.max(total - bytes, 0) / bytesPerSecond
    onProgress({ phase, bytes, total, bytesPerSecond, etaSeconds: left })
  }
  report()
  return {
    add(count) {
      bytes += count
      if (now() - reported >= everyMs) report()
    },
    restart() {
      if (bytes === 0) return
      bytes = 0
      began = now()
      report()
    },
    end: report,
  }
}
