import type { FileHandle } from 'node:fs/promises'
import type { DataIdentity } from '../../platform/platform.js'
import { FileRefused } from '../guarded-file.js'
import { openNew, openOwnFile } from '../own-file.js'
import { readSidecar, removeFile, sameData, writeSidecar } from './sidecar.js'

/** A part that is open for writing. */
export interface OpenedPart {
  readonly path: string
  readonly sidecarPath: string
  readonly file: FileHandle
  /** Bytes that are there and are of use. The file ends after them. */
  readonly kept: number
  readonly ranges: boolean | undefined
}

/**
 * Opens `<path>.part`, and keeps of it what an earlier download of the same data left: never the bytes of other data,
 * nor more than there are of this, nor any where its store is known to give no parts.
 */
export async function openPart(path: string, identity: DataIdentity | undefined): Promise<OpenedPart> {
  const part = `${path}.part`
  const sidecarPath = `${part}.json`
  const earlier = identity && (await readSidecar(sidecarPath))
  const same = earlier && sameData(earlier.identity, identity) ? earlier : undefined
  const file = await openOwn(part)
  try {
    const { size } = await file.stat()
    const there = Math.min(size, same?.prefix ?? size)
    const whole = typeof identity?.['size'] === 'number' ? identity['size'] : Number.POSITIVE_INFINITY
    const useless = !same || there > whole || (same.ranges === false && there < whole)
    const kept = useless ? 0 : there
    await file.truncate(kept)
    const ranges = same?.ranges ?? undefined
    if (identity) await writeSidecar(sidecarPath, { identity, ranges: ranges ?? null, prefix: null })
    else await removeFile(sidecarPath)
    return { path: part, sidecarPath, file, kept, ranges }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Until it is whole, only its owner can write it, whatever the umask allows: so it can be adopted later. */
const partMode = 0o644

/**
 * Neither through a link, nor a file of another user, who could change it later on; nor an own one that has another
 * name too, or that others can write: that is left to them, and the part is begun anew.
 */
async function openOwn(part: string): Promise<FileHandle> {
  const file = await openOwnFile(part).catch(undefinedIfShared)
  if (file && (await file.stat()).nlink < 2) return file
  await file?.close()
  await removeFile(part)
  return openNew(part, partMode)
}

function undefinedIfShared(error: unknown): undefined {
  if (!(error instanceof FileRefused && error.why === 'shared')) throw error
}

/** What the umask allows a new file, the whole one has as well. */
export async function openToUmask(file: FileHandle): Promise<void> {
  const umask = process.umask()
  const { mode } = await file.stat()
  const wanted = 0o666 & ~umask
  if ((mode & 0o777) === (partMode & ~umask) && wanted !== (mode & 0o777)) await file.chmod(wanted)
}
