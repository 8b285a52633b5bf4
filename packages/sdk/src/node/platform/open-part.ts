import type { FileHandle } from 'node:fs/promises'
import type { DataIdentity } from '../../platform/platform.js'
import { FileRefused } from '../guarded-file.js'
import { openNew, openOwnFile } from '../own-file.js'
import { readSidecar, removeFile, sameData, writeSidecar } from './sidecar.js'

/** A `.part` file that is open for writing. */
export interface OpenedPart {
  readonly path: string
  readonly sidecarPath: string
  readonly file: FileHandle
  /** The number of usable bytes in the file. It is truncated after them. */
  readonly kept: number
  readonly ranges: boolean | undefined
}

/**
 * Opens `<path>.part`, and keeps what an earlier download of the same data left: never the bytes of other data, never
 * more bytes than the data has, and nothing if its store is known not to support ranges.
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

/** Until the file is complete, only its owner can write it, whatever the umask allows: it can be resumed safely. */
const partMode = 0o644

/**
 * Refuses links and files of other users, who could change the file later. A file of this user that has a second name,
 * or that others can write, is not used either: it is unlinked, and the `.part` file starts empty.
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

/** Sets the mode of the complete file to that of a new file under the umask. */
export async function openToUmask(file: FileHandle): Promise<void> {
  const umask = process.umask()
  const { mode } = await file.stat()
  const wanted = 0o666 & ~umask
  if ((mode & 0o777) === (partMode & ~umask) && wanted !== (mode & 0o777)) await file.chmod(wanted)
}
