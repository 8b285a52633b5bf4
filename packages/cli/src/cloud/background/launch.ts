import { constants, fchmodSync, fstatSync, openSync, closeSync } from 'node:fs'
import type { Readable } from 'node:stream'
import path from 'node:path'
import { makeFolders } from '@tyrax/sdk/internal'
import { readOutcome } from './outcome.js'
import { backgroundWord, logFile, outcomeDescriptor } from './word.js'

interface Launch {
  /** What runs tyrax: Node and the script. */
  readonly program: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Ends the wait, not the process. */
  readonly signal: AbortSignal
}

/**
 * Starts the background process of a folder, and waits until it has announced itself. It is in a session of its own: it
 * does not see the terminal, its signals or its end.
 * @throws why it could not start
 */
export async function launch(folder: string, { program, env, signal }: Launch): Promise<void> {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const [file = process.execPath, ...args] = program
  await makeFolders(path.dirname(folder)).catch(() => undefined)
  const log = openLog(logFile(folder))
  const child = spawn(file, [...args, backgroundWord, folder], {
    detached: true,
    windowsHide: true,
    cwd: path.parse(folder).root,
    env: withoutClouds(env),
    stdio: ['ignore', 'ignore', log ?? 'ignore', 'pipe'],
  })
  if (log !== undefined) closeSync(log)
  const outcome = child.stdio[outcomeDescriptor] as Readable
  const failure = new Promise<never>((_, reject) => child.once('error', reject))
  const stopWaiting = () => outcome.destroy(new DOMException('stopped', 'AbortError'))
  signal.addEventListener('abort', stopWaiting)
  try {
    const text = await Promise.race([readAll(outcome), failure])
    const error = readOutcome(text)
    if (error !== undefined) throw error
  } finally {
    signal.removeEventListener('abort', stopWaiting)
    outcome.destroy()
    child.unref()
  }
}

/** The process outlives the command, and has no use for its credentials. */
function withoutClouds(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('OS_')))
}

async function readAll(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += String(chunk)
  return text
}

/** A log that is larger than this is emptied at the next start. */
const longestLog = 2 ** 20

/** @returns undefined when there can be no such file, or it is not the user's own */
function openLog(file: string): number | undefined {
  const { O_WRONLY, O_APPEND, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants
  const open = (flags: number) => openSync(file, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | flags, 0o600)
  try {
    const log = open(O_CREAT)
    const found = fstatSync(log)
    if (!found.isFile() || (process.geteuid !== undefined && found.uid !== process.geteuid())) {
      closeSync(log)
      return undefined
    }
    if (process.platform !== 'win32') fchmodSync(log, 0o600)
    if (found.size <= longestLog) return log
    closeSync(log)
    return open(O_TRUNC)
  } catch {
    return undefined
  }
}
