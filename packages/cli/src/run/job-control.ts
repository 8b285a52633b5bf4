import { readFileSync } from 'node:fs'
import type { JobControl } from '../progress/board.js'

/** Follows what a shell does with its job: Ctrl-Z, `bg`, `fg`. */
export function jobControl(process: Pick<NodeJS.Process, 'on' | 'off' | 'kill' | 'pid'>): JobControl {
  return {
    isForeground,
    onSuspend(before, after) {
      const suspend = () => {
        before()
        // Without a listener the signal has its own effect again, which depends on the shell.
        process.off('SIGTSTP', suspend)
        process.kill(process.pid, 'SIGTSTP')
      }
      const resume = () => {
        process.off('SIGTSTP', suspend)
        process.on('SIGTSTP', suspend)
        after()
      }
      process.on('SIGTSTP', suspend)
      process.on('SIGCONT', resume)
      return () => {
        process.off('SIGTSTP', suspend)
        process.off('SIGCONT', resume)
      }
    },
  }
}

/**
 * Whether the terminal belongs to the process group of this process: fields 5 and 8 of /proc/PID/stat, proc_pid_stat(5).
 * True where there is no such file, and without a terminal.
 */
function isForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1')
    // The name of the program comes before, in parentheses, and may contain anything.
    const [, , , group, , , terminalGroup] = stat.slice(stat.lastIndexOf(')') + 1).split(' ')
    return terminalGroup === '-1' || terminalGroup === group
  } catch {
    return true
  }
}
