import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process that is told from a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number
  /** Where the number counts: this machine since its last start, and its set of process numbers (a container has its own). */
  readonly scope: string
  /** Clock ticks after the machine's start, as Linux says (`/proc/PID/stat`, field 22); undefined where that is not known. */
  readonly started?: string | undefined
}

/** The process that runs this code. */
export function identifyThisProcess(): ProcessIdentity {
  const started = startOf(process.pid)
  return { pid: process.pid, scope: ownScope(), ...(started === undefined ? {} : { started }) }
}

/**
 * Whether a process is still the one that was written down. `unknown`: on another machine, in another container, or
 * where start times are not known and a process with this number is there.
 */
export function presenceOf({ pid, scope, started }: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  if (scope !== ownScope()) return 'unknown'
  if (!isAlive(pid)) return 'gone'
  if (started === undefined || startOf(process.pid) === undefined) return 'unknown'
  return startOf(pid) === started ? 'running' : 'gone'
}

/** @returns undefined when it is none */
export function parseIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { pid, scope, started } = value as { readonly [K in keyof ProcessIdentity]?: unknown }
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0 || typeof scope !== 'string') return undefined
  return typeof started === 'string' ? { pid, scope, started } : { pid, scope }
}

function ownScope(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** @returns undefined for a process that has ended, or where the system does not say */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the command in parentheses and may hold spaces: count after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** Whether there is a process with this number now. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
