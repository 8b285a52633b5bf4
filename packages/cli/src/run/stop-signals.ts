import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs'
import { devNull } from 'node:os'
import { stopSignals } from '../failure/exit-codes.js'

/** A terminal that closes sends a hang-up, and so does its shell. */
const sameHangUpMs = 1000

/** The members of a process that are needed to follow its signals. */
type Process = Pick<NodeJS.Process, 'on' | 'exit' | 'env' | 'ppid'>

/**
 * Aborts with the name of the first signal. A second signal ends the process immediately, whatever it leaves behind.
 * Exceptions: the second of two hang-ups in quick succession, and hang-ups that the process was started to ignore.
 */
export function followSignals(process: Process, onSlow: (signal: string) => void): AbortController {
  const controller = new AbortController()
  const isDeaf = ignoresHangUp(process)
  let hungUpAt = Number.NEGATIVE_INFINITY
  for (const [name, code] of Object.entries(stopSignals)) {
    process.on(name, () => {
      const isHangUp = name === 'SIGHUP'
      if (isHangUp && isDeaf) return
      const isSame = isHangUp && performance.now() - hungUpAt < sameHangUpMs
      if (isHangUp) hungUpAt = performance.now()
      if (isSame) return
      if (controller.signal.aborted) process.exit(code)
      controller.abort(name)
      setTimeout(onSlow, slowMs, name).unref()
    })
  }
  return controller
}

/**
 * On exit, Node restores the settings of terminals, and aborts if that fails (node.cc `ResetStdio`): the exit code
 * would be that of a crash. It does not touch descriptors that have been reopened since.
 */
export function letGoOfLostTerminal(): void {
  for (const fd of [0, 1, 2]) {
    attempt(() => {
      if (!fstatSync(fd).isCharacterDevice() || process.getBuiltinModule('node:tty').isatty(fd)) return
      closeSync(fd)
      openSync(devNull, 'r+')
    })
  }
}

/** A cleanup that takes longer than this is announced. */
const slowMs = 500

/**
 * Whether the process was started by nohup, or by something else that ignores hang-ups. Node loses this inherited
 * setting: it resets every ignored signal before any script runs (node.cc `ResetSignalHandlers`). Only traces remain:
 * the name of the command that shells put in `_`, what GNU nohup puts in place of a terminal, and a parent that ignores
 * hang-ups itself, such as the shell in `nohup sh -c …`.
 */
function ignoresHangUp({ env, ppid }: Process): boolean {
  if (/(?:^|\/)nohup$/.test(env['_'] ?? '')) return true
  const isNohupOut = [1, 2].some((fd) => attempt(() => readlinkSync(`/proc/self/fd/${fd}`))?.endsWith('/nohup.out'))
  return isNohupOut || isWriteOnlyNull() || ignoresIn(attempt(() => readFileSync(`/proc/${ppid}/status`, 'utf8')) ?? '')
}

/** In place of a terminal as standard input, GNU nohup opens /dev/null for writing only. */
function isWriteOnlyNull(): boolean {
  if (attempt(() => readlinkSync('/proc/self/fd/0')) !== '/dev/null') return false
  const [, flags = '0'] =
    /^flags:\s*(\d+)$/m.exec(attempt(() => readFileSync('/proc/self/fdinfo/0', 'utf8')) ?? '') ?? []
  return (Number.parseInt(flags, 8) & 3) === constants.O_WRONLY
}

/** Whether a process with this /proc/PID/status ignores hang-ups (proc_pid_status(5)); signal 1 is the lowest bit. */
function ignoresIn(status: string): boolean {
  const [, mask = '0'] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status) ?? []
  return (BigInt(`0x${mask}`) & 1n) === 1n
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
