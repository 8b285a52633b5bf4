import { setMaxListeners } from 'node:events'
import { type Cloud, type ConnectOptions, TimeoutError, UsageError } from '@tyrax/sdk'
import { connectOptions } from '../cloud/connect-options.js'
import { openCloud } from '../cloud/open-cloud.js'
import type { Context, GatedSurroundings } from '../command/context.js'
import type { Globals } from '../command/globals.js'
import { inFlags } from '../failure/in-flags.js'
import { jsonText, oneLine } from '../output/visible.js'
import { styleFor } from '../output/style.js'
import type { ProgressBoard, ProgressDisplay } from '../progress/board.js'
import { announceStops } from './stop-notices.js'
import { isRedrawable, type ProgressMode, requestedProgress } from '../progress/mode.js'

/** A context, and how to close it. */
export interface OpenedContext {
  readonly context: Context
  /** Replaces an error that followed from an abort by the reason of the abort. */
  explain(error: unknown): unknown
  close(failure?: unknown): Promise<void>
}

export function openContext(globals: Globals, surroundings: GatedSurroundings): OpenedContext {
  const { env, stderr } = surroundings
  const cleanups: ((failure?: unknown) => Promise<void>)[] = []
  const warnings: string[] = []
  const deadline = startDeadline(globals.deadline)
  const signals = [surroundings.signal, deadline?.signal].filter((signal) => signal !== undefined)
  const [first, ...others] = signals
  const signal = first && others.length === 0 ? first : AbortSignal.any(signals)
  // Each request of each transfer listens: with several at once, Node would warn of a leak on standard error.
  setMaxListeners(0, signal)
  const progress = requestedProgress(globals, env)
  const printsJson = globals.format === 'json' || globals.format === 'jsonl'
  const reportsJson = printsJson || progress === 'json'
  let board: Promise<ProgressBoard | undefined> | undefined
  let connected: Promise<Cloud> | undefined
  let options: Promise<ConnectOptions> | undefined

  const context: Context = {
    surroundings,
    env,
    get cwd() {
      return surroundings.cwd
    },
    globals,
    signal,
    connectOptions() {
      options ??= connectOptions(context)
      return options
    },
    connect() {
      connected ??= openCloud(context)
      return connected
    },
    note(text) {
      if (globals.quiet || printsJson) return
      stderr.write(reportsJson ? `${jsonText({ note: text })}\n` : `${oneLine(text)}\n`)
    },
    announce(text) {
      stderr.write(reportsJson ? `${jsonText({ note: text })}\n` : `${oneLine(text)}\n`)
    },
    warn(said) {
      const text = inFlags(said)
      warnings.push(text)
      if (!globals.quiet) stderr.write(reportsJson ? `${jsonText({ warning: text })}\n` : `warning: ${oneLine(text)}\n`)
    },
    warnings,
    async progress(label, of) {
      board ??= openBoard(globals, surroundings, progress ?? (printsJson ? 'none' : 'auto'))
      return (await board)?.transfer(label, of) ?? silent
    },
    onEnd(cleanup) {
      cleanups.push(cleanup)
    },
  }

  const stopAnnouncing = announceStops(
    surroundings,
    () => board !== undefined,
    (text) => context.announce(text),
  )

  return {
    context,
    explain: (error) => (deadline?.signal.aborted ? deadline.signal.reason : folderGone(error)),
    async close(failure) {
      deadline?.stop()
      const shown = await board
      shown?.close()
      for (const cleanup of cleanups.toReversed()) await cleanup(failure)
      stopAnnouncing()
    },
  }
}

/** Node looks up the current folder in several places; each fails in the same way when it has been removed. */
function folderGone(error: unknown): unknown {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).syscall !== 'uv_cwd') return error
  return new UsageError('The current folder no longer exists', { cause: error, hint: 'change to another folder' })
}

const silent: ProgressDisplay = { report() {}, done() {}, stop() {} }

/** Loaded when a transfer begins: most commands have none. */
async function openBoard(
  globals: Globals,
  { env, stderr, job }: GatedSurroundings,
  wanted: ProgressMode,
): Promise<ProgressBoard | undefined> {
  const auto = isRedrawable(stderr.isTTY, env) ? 'tty' : 'plain'
  const mode = wanted === 'auto' ? auto : wanted
  if (mode === 'none') return undefined
  const { ProgressBoard } = await import('../progress/board.js')
  return new ProgressBoard({ mode, gate: stderr, style: styleFor(stderr, globals.color ?? 'auto', env), job })
}

function startDeadline(ms: number | undefined): { signal: AbortSignal; stop(): void } | undefined {
  if (!ms) return undefined
  const controller = new AbortController()
  const error = new TimeoutError(`The command took longer than its --deadline of ${ms / 1000} s`, {
    limit: 'deadline',
    timeoutMs: ms,
  })
  const timer = setTimeout(() => controller.abort(error), ms)
  return { signal: controller.signal, stop: () => clearTimeout(timer) }
}
