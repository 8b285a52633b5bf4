import type { Gate } from '../output/gate.js'
import type { Style } from '../output/style.js'
import { barLine, jsonLine, plainLine, type Snapshot } from './lines.js'
import type { ProgressMode } from './mode.js'

/** One progress report of a transfer, as the SDK sends it. */
interface ProgressReport {
  readonly phase: string
  readonly bytes: number
  readonly total?: number | undefined
}

/** Shows one transfer on stderr. */
export interface ProgressDisplay {
  report(report: ProgressReport): void
  /** Ends it: clears the terminal's line; the other modes report that it is done. */
  done(): void
  /** Clears the terminal's line, so that other text can be written there; the next report draws it again. */
  clear(): void
  /** Ends a failed transfer: nothing more is printed. Safe after `done`. */
  stop(): void
}

export interface DisplayOptions {
  readonly label: string
  readonly mode: ProgressMode
  readonly gate: Pick<Gate, 'paint' | 'isTTY' | 'columns'>
  readonly style: Style
  /** Milliseconds. @default Date.now */
  readonly now?: () => number
}

/** Minimum time between two updates of a bar, two plain lines, two JSON lines. */
const intervalMs = { tty: 100, plain: 30_000, json: 1000 } as const

export function createDisplay(options: DisplayOptions): ProgressDisplay {
  const mode = options.mode === 'auto' ? (options.gate.isTTY ? 'tty' : 'plain') : options.mode
  if (mode === 'none') return { report() {}, done() {}, clear() {}, stop() {} }
  return new Display(mode, options)
}

class Display implements ProgressDisplay {
  readonly #mode: keyof typeof intervalMs
  readonly #options: DisplayOptions
  readonly #now: () => number
  readonly #started: number
  #rate = new Rate()
  #shownAt: number | undefined
  #last: ProgressReport | undefined
  #drawn = false
  #isOver = false
  /** The last report with bytes of a phase other than `inspect`: what the transfer was about. */
  #moved: ProgressReport | undefined

  constructor(mode: keyof typeof intervalMs, options: DisplayOptions) {
    this.#mode = mode
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#started = this.#now()
  }

  report(report: ProgressReport): void {
    if (this.#isOver) return
    const now = this.#now()
    const isNewPhase = report.phase !== this.#last?.phase
    if (isNewPhase) this.#rate = new Rate()
    this.#last = report
    if (report.bytes > 0 && report.phase !== 'inspect') this.#moved = report
    if (isNewPhase) this.#rate.observe(report.bytes, now)
    const due = this.#shownAt === undefined ? this.#mode !== 'plain' : now - this.#shownAt >= intervalMs[this.#mode]
    // A plain log stays silent for transfers shorter than its interval: they produce only one line, at their end.
    if (this.#mode === 'plain' && this.#shownAt === undefined) this.#shownAt = now
    if (!due && !(isNewPhase && this.#mode !== 'plain')) return
    this.#rate.observe(report.bytes, now)
    this.#shownAt = now
    this.#show(report, now)
  }

  done(): void {
    if (this.#isOver) return
    this.stop()
    const last = this.#moved
    if (!last || this.#mode === 'tty') return
    const seconds = (this.#now() - this.#started) / 1000
    const bytesPerSecond = seconds > 0 ? last.bytes / seconds : undefined
    this.#write({ label: this.#options.label, ...last, bytesPerSecond, seconds, isDone: true })
  }

  stop(): void {
    this.clear()
    this.#isOver = true
  }

  clear(): void {
    if (!this.#isOver && this.#drawn) this.#options.gate.paint('\r\u001B[K')
    this.#drawn = false
  }

  #show(report: ProgressReport, now: number): void {
    this.#write({
      label: this.#options.label,
      ...report,
      bytesPerSecond: this.#rate.bytesPerSecond,
      seconds: (now - this.#started) / 1000,
      isDone: false,
    })
  }

  #write(snapshot: Snapshot): void {
    const { gate, style } = this.#options
    if (this.#mode === 'json') gate.paint(jsonLine(snapshot))
    else if (this.#mode === 'plain') gate.paint(plainLine(snapshot))
    else {
      gate.paint(`\r\u001B[K${barLine(snapshot, gate.columns ?? 80, style)}`)
      this.#drawn = true
    }
  }
}

/** The speed of a transfer: a moving average, so that it follows a link whose speed changes. */
class Rate {
  readonly #halfLifeMs: number
  #bytes = 0
  #at: number | undefined
  #perSecond: number | undefined

  constructor(halfLifeMs = 5000) {
    this.#halfLifeMs = halfLifeMs
  }

  /** Records the number of bytes so far, at a time in milliseconds. */
  observe(bytes: number, now: number): void {
    if (this.#at === undefined || bytes < this.#bytes) {
      this.#at = now
      this.#bytes = bytes
      this.#perSecond = undefined
      return
    }
    const elapsed = now - this.#at
    if (elapsed <= 0) return
    const current = ((bytes - this.#bytes) / elapsed) * 1000
    const weight = this.#perSecond === undefined ? 1 : 1 - 2 ** (-elapsed / this.#halfLifeMs)
    this.#perSecond = (this.#perSecond ?? 0) * (1 - weight) + current * weight
    this.#at = now
    this.#bytes = bytes
  }

  /** Undefined until there are two observations. */
  get bytesPerSecond(): number | undefined {
    return this.#perSecond
  }
}
