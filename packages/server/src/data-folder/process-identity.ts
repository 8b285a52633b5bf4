import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Identifies a process, as distinct from a later one with the same process id. */
export interface ProcessIdentity {
  readonly pid: number
  /** Where the process id is valid: this boot of this machine, and its pid namespace (a container has its own). */
  readonly scope: string
  /** Start of the process in clock ticks since boot (field 22 of Linux's `/proc/PID/stat`); undefined if unknown. */
  readonly started?: string | undefined
}

/** The process that runs this code. */
export function identifyThisProcess(): ProcessIdentity {
  const started = startOf(process.pid)
  return { pid: process.pid, scope: ownScope(), ...(started === undefined ? {} : { started }) }
}

/**
 * Whether the recorded process is still running. `unknown`: it belongs to another machine or container, or a process
 * with this id exists but start times are not available.
 */
export function presenceOf({ pid, scope, started }: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  if (scope !== ownScope()) return 'unknown'
  if (!isAlive(pid)) return 'gone'
  if (started === undefined || startOf(process.pid) === undefined) return 'unknown'
  return startOf(pid) === started ? 'running' : 'gone'
}

/** @returns undefined when the value is not an identity */
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

/** @returns undefined for a process that has ended, or if the system does not report start times */
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

/** Whether a process with this id exists now. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
