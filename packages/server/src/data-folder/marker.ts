import { link, rm } from 'node:fs/promises'
import path from 'node:path'
import { DataFolderError } from './data-folder-error.js'
import { linkless, NotOwnFile, readOwnFile, syncFolder, temporaryName, writeNewFile, writeOwnFile } from './own-file.js'

/** The file that makes a folder tyrax's. Without it, nothing in a folder is ever removed. */
export const markerName = 'tyrax-data.json'
/** What a process that was killed while it wrote a marker leaves. */
export const markerLeftover = /^tyrax-data\.json\.\d+\.[0-9a-f]{8}$/

const format = 1

/** What the marker says. */
export interface Marker {
  /** Until the database has all its tables, it may be missing. */
  readonly isNew: boolean
  /** How many runs stored data. The database has the same number: a copy that was made earlier has a lower one. */
  readonly runs: number
}

/**
 * @returns undefined when the folder has none
 * @throws DataFolderError when it cannot be understood
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

/** Marks a folder that has no marker yet; where another process is first, that one's stays. */
export async function markNew(folder: string): Promise<void> {
  const file = path.join(folder, markerName)
  const temporary = temporaryName(file)
  try {
    await writeNewFile(temporary, render({ isNew: true, runs: 0 }))
    // A link appears whole, and never replaces anything.
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

/** Replaces the marker; only for the process that has the database. */
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
