import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { makeFolders, readOwnFile, writeOwnFile } from '@tyrax/sdk/internal'
import { identifyThisProcess, parseIdentity, presenceOf, type ProcessIdentity } from '@tyrax/server/process-identity'
import { version } from '../../version.js'

/** How commands speak to the process that runs a cloud: a port on loopback, and the key that it expects there. */
export interface ControlAddress {
  readonly port: number
  /** The same at a name in Linux's abstract namespace, for commands that it runs: connecting takes less time. */
  readonly name?: string
  readonly key: string
}

/** What the process that runs the cloud of a folder announces in its `running.json`, which only its user can read. */
export interface Announcement {
  readonly authUrl: string
  readonly username: string
  readonly password: string
  readonly control: ControlAddress
  /** Whether commands started it, and it ends by itself. */
  readonly isBackground: boolean
  /** Which bundle's commands it runs itself; undefined: none. bin/inside-cloud.cjs reads it. */
  readonly bundle?: string | undefined
}

/** A cloud that was announced. */
export interface RunningCloud extends Announcement {
  readonly pid: number
  readonly identity: ProcessIdentity
  /** Of the tyrax that runs it. */
  readonly version: string
  readonly startedAt: string
  /** Whether it still runs; unknown on another machine, in another container, or where start times are not known. */
  readonly isRunning: boolean | undefined
}

const runningFile = (folder: string) => path.join(folder, 'running.json')
/** More than it contains. */
const longestRecord = 64 * 1024

/** Only for the process that runs the cloud: the lock of its database decides which. */
export async function announce(folder: string, announcement: Announcement): Promise<void> {
  await makeFolders(folder)
  const startedAt = new Date().toISOString()
  const record = { ...identifyThisProcess(), version, startedAt, ...announcement }
  await writeOwnFile(runningFile(folder), JSON.stringify(record))
}

/** Takes the announcement back, unless another process has made one in the meantime. */
export async function release(folder: string, { key }: ControlAddress): Promise<void> {
  const record = await readRunning(folder).catch(() => undefined)
  if (record?.control.key === key) await rm(runningFile(folder), { force: true })
}

/**
 * @returns undefined when no cloud is announced; an incomplete file announces none
 * @throws FileRefused when the file is a link, a pipe or another user's: it could name any cloud
 */
export async function readRunning(folder: string): Promise<RunningCloud | undefined> {
  const value = parseJson(await readOwnFile(runningFile(folder), longestRecord))
  const identity = parseIdentity(value)
  if (identity === undefined) return undefined
  const { authUrl, username, password, control, isBackground, version, startedAt } = value as Unchecked<RunningCloud>
  const { port, key } = (control ?? {}) as Unchecked<ControlAddress>
  if (!isText(authUrl) || !URL.canParse(authUrl) || !isText(username) || !isText(password)) return undefined
  if (typeof port !== 'number' || !isText(key) || !isText(version) || !isText(startedAt)) return undefined
  const presence = presenceOf(identity)
  return {
    pid: identity.pid,
    identity,
    authUrl,
    username,
    password,
    control: { port, key },
    isBackground: isBackground === true,
    version,
    startedAt,
    isRunning: presence === 'running' ? true : presence === 'gone' ? false : undefined,
  }
}

type Unchecked<T> = { readonly [K in keyof T]?: unknown }

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

export function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null') as unknown
  } catch {
    return undefined
  }
}

/** A password or key that cannot be guessed. */
export const newSecret = (): string => randomBytes(24).toString('base64url')
