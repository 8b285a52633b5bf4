import type { FooterLine } from '../output/footer.js'
import type { Gate } from '../output/gate.js'
import type { Style } from '../output/style.js'
import { barLines, cutTo } from './bars.js'
import { sizeText } from './figures.js'
import { jsonLine, plainLine } from './lines.js'
import type { ProgressMode } from './mode.js'
import { type ProgressReport, type Snapshot, Transfer } from './transfer.js'

/** Shows one transfer on stderr. */
export interface ProgressDisplay {
  /** Takes what the SDK passes to `onProgress`. */
  readonly report: (report: ProgressReport) => void
  /** Ends it: its line disappears from the terminal; the other modes report that it is done. */
  readonly done: () => void
  /** Ends a failed transfer. Safe after `done`. */
  readonly stop: () => void
}

/** Whether the process owns its terminal, and when it is suspended there. */
export interface JobControl {
  /** Whether the terminal is this process's to draw on. A job in the background must not touch it. */
  isForeground(): boolean
  /** @returns a function that ends it */
  onSuspend(before: () => void, after: () => void): () => void
}

export interface BoardOptions {
  readonly mode: Exclude<ProgressMode, 'auto' | 'none'>
  readonly gate: Pick<Gate, 'paint' | 'keep' | 'leave' | 'columns' | 'rows'>
  readonly style: Style
  readonly job?: JobControl | undefined
  /** Milliseconds. @default performance.now */
  readonly now?: () => number
  /** Calls `act` again and again. @returns a function that ends it */
  readonly repeat?: (act: () => void, everyMs: number) => () => void
}

/** Minimum time between two updates of the terminal, of a transfer in a log, and of its events. */
const intervalMs = { tty: 100, plain: 30_000, json: 1000 } as const

/** Times change without any report; a stalled transfer shows that it stalls. */
const repeatMs = { tty: 500, plain: 1000, json: 1000 } as const

/** The transfers of a command on stderr: a line for each of them. */
export class ProgressBoard {
  readonly #options: BoardOptions
  readonly #now: () => number
  readonly #running = new Map<Transfer, { shownAt: number | undefined }>()
  #begun = 0
  #expected = 0
  #done = 0
  #doneBytes = 0
  #drawnAt = Number.NEGATIVE_INFINITY
  #stopRepeating: (() => void) | undefined
  #stopListening: (() => void) | undefined

  constructor(options: BoardOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /** @param of the number of transfers that the command will have */
  transfer(label: string, of = 0): ProgressDisplay {
    this.#begun += 1
    this.#expected = Math.max(this.#expected, of, this.#begun)
    const transfer = new Transfer(this.#begun, label, this.#now())
    this.#running.set(transfer, { shownAt: undefined })
    this.#start()
    return {
      report: (report) => this.#report(transfer, report),
      done: () => this.#end(transfer, 'done'),
      stop: () => this.#end(transfer, 'stopped'),
    }
  }

  /** Ends everything that has not ended. */
  close(): void {
    for (const transfer of this.#running.keys()) this.#end(transfer, 'stopped')
  }

  #report(transfer: Transfer, report: ProgressReport): void {
    const shown = this.#running.get(transfer)
    if (!shown) return
    const isNewPhase = transfer.record(report, this.#now())
    if (this.#options.mode === 'tty') this.#draw(isNewPhase)
    else this.#log(transfer, isNewPhase)
  }

  #end(transfer: Transfer, state: 'done' | 'stopped'): void {
    if (!this.#running.delete(transfer)) return
    const last = transfer.end(state, this.#now())
    if (state === 'done') {
      this.#done += 1
      this.#doneBytes += last.bytes
    }
    const { mode, gate } = this.#options
    if (mode === 'tty') this.#draw(true)
    else if (transfer.hasBegun) gate.paint(mode === 'json' ? jsonLine(last) : plainLine(last))
    if (this.#running.size === 0) this.#rest()
  }

  /** A log has a line when data begins to move, one in each interval, and one at the end. Events also begin each phase. */
  #log(transfer: Transfer, isNewPhase: boolean): void {
    const { mode, gate } = this.#options
    const shown = this.#running.get(transfer)
    if (!shown || mode === 'tty' || !transfer.hasBegun) return
    const now = this.#now()
    const isFirst = shown.shownAt === undefined && transfer.phase !== 'inspect'
    const isDue = now - (shown.shownAt ?? transfer.startedAt) >= intervalMs[mode]
    if (!isFirst && !isDue && !(isNewPhase && mode === 'json')) return
    shown.shownAt = now
    const snapshot = transfer.snapshot(now)
    gate.paint(mode === 'json' ? jsonLine(snapshot) : plainLine(snapshot))
  }

  #draw(isUrgent: boolean): void {
    const now = this.#now()
    if (!isUrgent && now - this.#drawnAt < intervalMs.tty) return
    this.#drawnAt = now
    const { gate, job } = this.#options
    if (job && !job.isForeground()) gate.leave()
    else gate.keep(this.#lines(now))
  }

  #lines(now: number): FooterLine[] {
    const { gate, style } = this.#options
    const width = gate.columns ?? 80
    const all = [...this.#running.keys()].filter(({ hasBegun }) => hasBegun).map((each) => each.snapshot(now))
    if (all.length === 0) return []
    if (this.#expected === 1) return barLines(all, width, style)
    // Lines that have left the screen could not be replaced.
    const most = Math.max(1, (gate.rows ?? 24) - 3)
    return [...barLines(all.slice(0, most), width, style), this.#summary(all, all.length - most, width)]
  }

  #summary(running: readonly Snapshot[], hidden: number, width: number): FooterLine {
    const bytes = running.reduce((sum, each) => sum + each.bytes, this.#doneBytes)
    const perSecond = running.reduce((sum, each) => sum + (each.bytesPerSecond ?? 0), 0)
    const more = hidden > 0 ? [`${hidden} more running`] : []
    const figures = [`${this.#done} of ${this.#expected} done`, ...more, sizeText(bytes), `${sizeText(perSecond)}/s`]
    const text = cutTo(figures.join('  '), width - 1)
    return { text, width: text.length }
  }

  #start(): void {
    const { mode, gate, job, repeat = repeatUnreferenced } = this.#options
    this.#stopRepeating ??= repeat(() => this.#tick(), repeatMs[mode])
    if (mode !== 'tty') return
    this.#stopListening ??= job?.onSuspend(
      () => gate.keep([]),
      () => {
        gate.leave()
        this.#draw(true)
      },
    )
  }

  #rest(): void {
    this.#stopRepeating?.()
    this.#stopListening?.()
    this.#stopRepeating = undefined
    this.#stopListening = undefined
  }

  #tick(): void {
    if (this.#options.mode === 'tty') this.#draw(false)
    else for (const transfer of this.#running.keys()) this.#log(transfer, false)
  }
}

function repeatUnreferenced(act: () => void, everyMs: number): () => void {
  const timer = setInterval(act, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
