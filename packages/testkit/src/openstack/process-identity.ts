import { readFile } from 'node:fs/promises'

/** A process id with the time at which the process started: the id alone may belong to another process by now. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks after boot, as the kernel reports them (`/proc/PID/stat`, field 22). */
  readonly started: string
}

/** The process that currently has this id, or undefined. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  // The second field is the command in parentheses and may contain spaces: count the fields after it.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const started = fields?.[19]
  if (started === undefined || fields?.[0] === 'Z') return undefined
  return { pid, started }
}

export async function isSameProcess({ pid, started }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.started === started
}
