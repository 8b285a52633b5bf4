import { ignoresHangUp } from '../../bin/hang-up.cjs'
import { stopSignals } from '../failure/exit-codes.js'

/** A terminal that closes sends a hang-up, and so does its shell. */
const sameHangUpMs = 1000

/** The members of a process that are needed to follow its signals. */
type Process = Pick<NodeJS.Process, 'on' | 'exit' | 'env' | 'ppid'>

/** What signals ask of a command; the reason of each is the name of the signal. */
export interface StopSignals {
  /** To stop, and to clean up. */
  readonly signal: AbortSignal
  /** To end at once: the process does so when its listeners have run. */
  readonly forced: AbortSignal
}

/**
 * Aborts with the name of the first signal. A second signal ends the process immediately, whatever it leaves behind.
 * Exceptions: the second of two hang-ups in quick succession, and hang-ups that the process was started to ignore.
 */
export function followSignals(process: Process): StopSignals {
  const controller = new AbortController()
  const forced = new AbortController()
  const isDeaf = ignoresHangUp(process)
  let hungUpAt = Number.NEGATIVE_INFINITY
  for (const [name, code] of Object.entries(stopSignals)) {
    process.on(name, () => {
      const isHangUp = name === 'SIGHUP'
      if (isHangUp && isDeaf) return
      const isSame = isHangUp && performance.now() - hungUpAt < sameHangUpMs
      if (isHangUp) hungUpAt = performance.now()
      if (isSame) return
      if (controller.signal.aborted) {
        forced.abort(name)
        process.exit(code)
      }
      controller.abort(name)
    })
  }
  return { signal: controller.signal, forced: forced.signal }
}
