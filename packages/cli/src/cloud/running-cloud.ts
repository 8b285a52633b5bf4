import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { UsageError } from '@tyrax/sdk'
import { makeFolders, ownFolder, readOwnFile, writeOwnFile } from '@tyrax/sdk/internal'
import { identifyThisProcess, parseIdentity, presenceOf } from '@tyrax/server/process-identity'

/** The process that runs the embedded cloud of a folder, as its `running.json` describes it. */
export interface RunningCloud {
  readonly pid: number
  readonly authUrl: string
  /** Whether it still runs; unknown on another machine, in another container, or where start times are not known. */
  readonly isRunning: boolean | undefined
}

const runningFile = (folder: string) => path.join(folder, 'running.json')
const guestsFolder = (folder: string) => path.join(folder, 'guests')
/** More than any of these files contains. */
const longestRecord = 64 * 1024
const guestName = /^\d+-[0-9a-f]{8}$/

/**
 * Announces to other commands where it listens. Only for the process that runs the cloud: the database's lock decides
 * which.
 */
export async function announce(folder: string, authUrl: string): Promise<void> {
  await writePrivateFile(runningFile(folder), JSON.stringify({ ...identifyThisProcess(), authUrl }))
}

export async function release(folder: string): Promise<void> {
  await rm(runningFile(folder), { force: true })
}

/**
 * @returns undefined when no cloud is announced; an incomplete file announces none
 * @throws FileRefused when the file is a link, a pipe or another user's: it could name any cloud
 */
export async function readRunning(folder: string): Promise<RunningCloud | undefined> {
  const value = parseJson(await readOwnFile(runningFile(folder), longestRecord))
  const { pid, authUrl } = (value ?? {}) as { readonly pid?: unknown; readonly authUrl?: unknown }
  // For kill(2), 0 and negative numbers stand for process groups.
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return undefined
  if (typeof authUrl !== 'string' || !URL.canParse(authUrl)) return undefined
  return { pid, authUrl, isRunning: isRunning(value) }
}

/** Announces that this command uses the other process's cloud, until the returned function is called. */
export async function enter(folder: string): Promise<() => Promise<void>> {
  const file = path.join(guestsFolder(folder), `${process.pid}-${randomBytes(4).toString('hex')}`)
  await ownFolder(guestsFolder(folder))
  await writePrivateFile(file, JSON.stringify(identifyThisProcess()))
  return () => rm(file, { force: true })
}

/**
 * Whether other commands still use the cloud that this one runs. Removes the announcements of processes that were
 * killed.
 */
export async function hasGuests(folder: string): Promise<boolean> {
  let hasAny = false
  for (const name of await readdir(guestsFolder(folder)).catch(() => [])) {
    if (!guestName.test(name)) continue
    const file = path.join(guestsFolder(folder), name)
    const guest = parseIdentity(parseJson(await readOwnFile(file, longestRecord).catch(() => undefined)))
    if (guest && presenceOf(guest) !== 'gone') hasAny = true
    else if (guest) await rm(file, { force: true })
  }
  return hasAny
}

function isRunning(value: unknown): boolean | undefined {
  const identity = parseIdentity(value)
  const presence = identity && presenceOf(identity)
  return presence === 'running' ? true : presence === 'gone' ? false : undefined
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null') as unknown
  } catch {
    return undefined
  }
}

/** Writes a file that only its owner can read, completely or not at all, and creates missing folders. */
async function writePrivateFile(file: string, text: string): Promise<void> {
  await makeFolders(path.dirname(file))
  await writeOwnFile(file, text)
}

/** A clouds.yaml that was written for other clients, and how to remove it. */
export interface CloudsFile {
  readonly path: string
  /** Removes it, unless it was changed in the meantime. */
  remove(): Promise<void>
}

const heading = '# Written by tyrax serve, which removes it when it ends.\n'
const longest = 2 ** 20

/**
 * Writes it to the cloud's folder, permanent or temporary. It contains passwords, so only the user can read it. One
 * that a killed `tyrax serve` left is replaced.
 * @throws UsageError when a file of that name exists that tyrax did not write; it stays as it is
 */
export async function writeCloudsFile(cloudsYaml: string, folder: string): Promise<CloudsFile> {
  const file = path.join(folder, 'clouds.yaml')
  const found = await readOwnFile(file, longest)
  if (found !== undefined && !isOurs(found, cloudsYaml)) {
    throw new UsageError(`${file} already exists, and was not written by tyrax serve`, {
      hint: 'move it elsewhere, or choose another --data folder',
    })
  }
  const text = `${heading}${cloudsYaml}`
  await writePrivateFile(file, text)
  return {
    path: file,
    async remove() {
      if ((await readOwnFile(file, longest).catch(() => undefined)) === text) await rm(file, { force: true })
    },
  }
}

/** Version 0.1.0 wrote no heading. */
function isOurs(found: string, cloudsYaml: string): boolean {
  const withoutAddress = (text: string) => text.replaceAll(/auth_url:.*/g, '')
  return found.startsWith(heading) || withoutAddress(found) === withoutAddress(cloudsYaml)
}
