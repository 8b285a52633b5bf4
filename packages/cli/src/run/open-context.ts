import { type Cloud, type ConnectOptions, TimeoutError, UsageError } from '@tyrax/sdk'
import { connectOptions } from '../cloud/connect-options.js'
import { openCloud } from '../cloud/open-cloud.js'
import type { Context, GatedSurroundings } from '../command/context.js'
import type { Globals } from '../command/globals.js'
import { inFlags } from '../failure/in-flags.js'
import { jsonText, oneLine } from '../output/visible.js'
import { styleFor } from '../output/style.js'
import { createDisplay, type ProgressDisplay } from '../progress/display.js'
import { progressModes, type ProgressMode } from '../progress/mode.js'

/** A context, and how to close it. */
export interface OpenedContext {
  readonly context: Context
  /** Replaces an error that followed from an abort by the reason of the abort. */
  explain(error: unknown): unknown
  close(): Promise<void>
}

export function openContext(globals: Globals, surroundings: GatedSurroundings): OpenedContext {
  const { env, stderr } = surroundings
  const cleanups: (() => Promise<void>)[] = []
  const warnings: string[] = []
  const displays: ProgressDisplay[] = []
  const deadline = startDeadline(globals.deadline)
  const signals = [surroundings.signal, deadline?.signal].filter((signal) => signal !== undefined)
  const signal = AbortSignal.any(signals)
  const wantsJson = globals.format === 'json' || globals.format === 'jsonl'
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
      for (const display of displays) display.clear()
      if (!globals.quiet && !wantsJson) stderr.write(`${oneLine(text)}\n`)
    },
    announce(text) {
      stderr.write(wantsJson ? `${jsonText({ note: text })}\n` : `${oneLine(text)}\n`)
    },
    warn(said) {
      const text = inFlags(said)
      warnings.push(text)
      for (const display of displays) display.clear()
      if (!globals.quiet) stderr.write(wantsJson ? `${jsonText({ warning: text })}\n` : `warning: ${oneLine(text)}\n`)
    },
    warnings,
    progress(label) {
      const style = styleFor(stderr, globals.color ?? 'auto', env)
      const display = createDisplay({ label, mode: progressMode(globals, env, wantsJson), gate: stderr, style })
      displays.push(display)
      cleanups.push(async () => display.stop())
      return display
    },
    onEnd(cleanup) {
      cleanups.push(cleanup)
    },
  }

  return {
    context,
    explain: (error) => (deadline?.signal.aborted ? deadline.signal.reason : folderGone(error)),
    async close() {
      deadline?.stop()
      for (const cleanup of cleanups.toReversed()) await cleanup()
    },
  }
}

/** Node looks up the current folder in several places; each fails in the same way when it has been removed. */
function folderGone(error: unknown): unknown {
  if (!(error instanceof Error) || (error as NodeJS.ErrnoException).syscall !== 'uv_cwd') return error
  return new UsageError('The current folder no longer exists', { cause: error, hint: 'change to another folder' })
}

function progressMode(globals: Globals, env: NodeJS.ProcessEnv, wantsJson: boolean): ProgressMode {
  if (globals.quiet) return 'none'
  if (globals.progress) return globals.progress
  const fromEnv = progressModes.find((mode) => mode === env['TYRAX_PROGRESS'])
  if (fromEnv) return fromEnv
  return wantsJson ? 'none' : 'auto'
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
