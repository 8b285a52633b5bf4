const fs = process.getBuiltinModule('node:fs')

/** @returns undefined when it throws */
function attempt(look) {
  try {
    return look()
  } catch {
    return undefined
  }
}

/**
 * Whether the process was started by nohup, or by something else that ignores hang-ups. Node loses this inherited
 * setting: it resets every ignored signal before any script runs (node.cc `ResetSignalHandlers`). Only traces remain:
 * the name of the command that shells put in `_`, what GNU nohup puts in place of a terminal, and a parent that ignores
 * hang-ups itself, such as the shell in `nohup sh -c …`.
 */
exports.ignoresHangUp = ({ env, ppid }) => {
  if (/(?:^|\/)nohup$/.test(env['_'] ?? '')) return true
  const isNohupOut = [1, 2].some((fd) => attempt(() => fs.readlinkSync(`/proc/self/fd/${fd}`))?.endsWith('/nohup.out'))
  if (isNohupOut || isWriteOnlyNull()) return true
  return ignoresIn(attempt(() => fs.readFileSync(`/proc/${ppid}/status`, 'utf8')) ?? '')
}

/** In place of a terminal as standard input, GNU nohup opens /dev/null for writing only. */
function isWriteOnlyNull() {
  if (attempt(() => fs.readlinkSync('/proc/self/fd/0')) !== '/dev/null') return false
  const info = attempt(() => fs.readFileSync('/proc/self/fdinfo/0', 'utf8')) ?? ''
  const [, flags = '0'] = /^flags:\s*(\d+)$/m.exec(info) ?? []
  return (Number.parseInt(flags, 8) & 3) === fs.constants.O_WRONLY
}

/** Whether a process with this /proc/PID/status ignores hang-ups (proc_pid_status(5)); signal 1 is the lowest bit. */
function ignoresIn(status) {
  const [, mask = '0'] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status) ?? []
  return (BigInt(`0x${mask}`) & 1n) === 1n
}

/**
 * On exit, Node restores the settings of terminals, and aborts if that fails (node.cc `ResetStdio`): the exit code
 * would be that of a crash. It does not touch descriptors that have been reopened since.
 */
exports.letGoOfLostTerminal = () => {
  const devNull = process.platform === 'win32' ? String.raw`\\.\nul` : '/dev/null'
  for (const fd of [0, 1, 2]) {
    attempt(() => {
      const device = fs.fstatSync(fd)
      // Loading what tells terminals apart takes a good part of a millisecond: /dev/null is none.
      if (!device.isCharacterDevice() || device.rdev === fs.statSync(devNull).rdev) return
      if (process.getBuiltinModule('node:tty').isatty(fd)) return
      fs.closeSync(fd)
      fs.openSync(devNull, 'r+')
    })
  }
}
