import { link, rm } from 'node:fs/promises'
import path from 'node:path'
import { DataFolderError } from './data-folder-error.js'
import { linkless, NotOwnFile, readOwnFile, syncFolder, temporaryName, writeNewFile, writeOwnFile } from './own-file.js'

/** The file that marks a folder as tyrax's. Nothing is ever removed from a folder without it. */
export const markerName = 'tyrax-data.json'
/** Left by a process that was killed while it wrote a marker. */
export const markerLeftover = /^tyrax-data\.json\.\d+\.[0-9a-f]{8}$/

const format = 1

/** The contents of the marker. */
export interface Marker {
  /** True until the database has all its tables; until then it may be missing. */
  readonly isNew: boolean
  /** The number of runs that stored data. The database holds the same number; an older copy of it holds a lower one. */
  readonly runs: number
}

/**
 * @returns undefined when the folder has no marker
 * @throws DataFolderError when the marker cannot be read or parsed
 */
export async function readMarker(folder: string): Promise<Marker | undefined> {
  const file = path.join(folder, markerName)
  const refuse = (what: string, hint: string, cause?: unknown) =>
    new DataFolderError(folder, { problem: 'marker', what: `its ${markerName} ${what}`, hint, cause })
  let text: string | undefined
  try {
    text = await readOwnFile(file)
  } catch (error) {
    if (!(error instanceof NotOwnFile)) throw error
    throw refuse(`is ${error.kind}`, `find out where it came from, then remove ${file}`, error)
  }
  if (text === undefined) return undefined
  const value = parse(text)
  if (typeof value?.format === 'number' && value.format > format) {
    const what = `has format ${value.format}, this version knows format ${format}`
    throw refuse(what, 'use the version of tyrax that wrote it, or a newer one')
  }
  const { tyrax, state, runs } = value ?? {}
  const isWhole = tyrax === 'data folder' && value?.format === format && (state === 'new' || state === 'ready')
  if (!isWhole || typeof runs !== 'number' || !Number.isSafeInteger(runs) || runs < 0) {
    throw refuse('is damaged', `if the folder is tyrax's, remove ${file}: with a sound database it is taken up again`)
  }
  return { isNew: state === 'new', runs }
}

/** Marks a folder that has no marker yet; if another process is faster, its marker stays. */
export async function markNew(folder: string): Promise<void> {
  const file = path.join(folder, markerName)
  const temporary = temporaryName(file)
  try {
    await writeNewFile(temporary, render({ isNew: true, runs: 0 }))
    // A hard link appears with its full content and never replaces an existing file.
    await link(temporary, file)
    await syncFolder(folder)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (!linkless.has(code)) throw error
    await writeMarker(folder, { isNew: true, runs: 0 })
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Replaces the marker. Only the process that has locked the database may call it. */
export function writeMarker(folder: string, marker: Marker): Promise<void> {
  return writeOwnFile(path.join(folder, markerName), render(marker))
}

function render({ isNew, runs }: Marker): string {
  return `${JSON.stringify({ tyrax: 'data folder', format, state: isNew ? 'new' : 'ready', runs })}\n`
}

function parse(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
