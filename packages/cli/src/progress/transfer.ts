import { Rate } from './rate.js'

/** One progress report of a transfer, as the SDK sends it. */
export interface ProgressReport {
  readonly phase: string
  readonly bytes: number
  readonly total?: number | undefined
}

export type TransferState = 'running' | 'done' | 'stopped'

/** What is known about a transfer at one moment. */
export interface Snapshot extends ProgressReport {
  /** Counts the transfers of a command, from 1. */
  readonly id: number
  readonly label: string
  readonly state: TransferState
  readonly bytesPerSecond: number | undefined
  /** Undefined when there is no total, no speed yet, or nothing moves. */
  readonly etaSeconds: number | undefined
  /** Since the transfer began. */
  readonly seconds: number
  /** Since the phase began. */
  readonly phaseSeconds: number
  /** Since the last byte, when that is too long ago to be normal. */
  readonly stalledSeconds: number | undefined
}

/** A transfer is called stalled after this. The server's own work is not: it is polled, and seldom. */
const stalledMs = 10_000

/** One transfer: its last report, its speed, and how long it has taken. */
export class Transfer {
  readonly id: number
  readonly label: string
  readonly startedAt: number
  #phaseAt: number
  /** When the number of bytes last changed. */
  #movedAt: number
  #rate = new Rate()
  #last: ProgressReport = { phase: '', bytes: 0 }
  /** The last report with bytes of a phase other than `inspect`: what the transfer was about. */
  #moved: ProgressReport | undefined

  constructor(id: number, label: string, now: number) {
    this.id = id
    this.label = label
    this.startedAt = now
    this.#phaseAt = now
    this.#movedAt = now
  }

  /** @returns whether a phase has begun */
  record(report: ProgressReport, now: number): boolean {
    const isNewPhase = report.phase !== this.#last.phase
    if (isNewPhase) {
      this.#rate = new Rate()
      this.#phaseAt = now
      this.#rate.observe(report.bytes, now)
    }
    if (isNewPhase || report.bytes !== this.#last.bytes) this.#movedAt = now
    this.#last = report
    if (report.bytes > 0 && report.phase !== 'inspect') this.#moved = report
    return isNewPhase
  }

  get hasBegun(): boolean {
    return this.#last.phase !== ''
  }

  get phase(): string {
    return this.#last.phase
  }

  snapshot(now: number): Snapshot {
    this.#rate.observe(this.#last.bytes, now)
    return this.#described(this.#last, 'running', this.#rate.bytesPerSecond, now)
  }

  /** How it ended: the last phase that moved bytes, at the speed of the whole; of a stopped one, the phase it was in. */
  end(state: 'done' | 'stopped', now: number): Snapshot {
    const about = state === 'done' ? (this.#moved ?? this.#last) : this.#last
    const seconds = (now - this.startedAt) / 1000
    return this.#described(about, state, about.bytes > 0 && seconds > 0 ? about.bytes / seconds : undefined, now)
  }

  #described(
    { phase, bytes, total: declared }: ProgressReport,
    state: TransferState,
    bytesPerSecond: number | undefined,
    now: number,
  ): Snapshot {
    // More bytes than that: it is not the total.
    const total = declared !== undefined && bytes > declared ? undefined : declared
    const isRunning = state === 'running'
    const isStalled = isRunning && phase !== 'server' && bytes !== total && now - this.#movedAt >= stalledMs
    const isTimed = isRunning && !isStalled && total !== undefined && bytesPerSecond
    return {
      id: this.id,
      label: this.label,
      state,
      phase,
      bytes,
      total,
      bytesPerSecond,
      etaSeconds: isTimed ? (total - bytes) / bytesPerSecond : undefined,
      seconds: (now - this.startedAt) / 1000,
      phaseSeconds: (now - this.#phaseAt) / 1000,
      stalledSeconds: isStalled ? (now - this.#movedAt) / 1000 : undefined,
    }
  }
}
