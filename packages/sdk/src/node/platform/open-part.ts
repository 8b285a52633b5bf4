import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { DataIdentity } from '../../platform/platform.js'
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

/** Neither through a link, nor into a file that has another name too: that one is not ours to change. */
async function openOwn(part: string): Promise<FileHandle> {
  // Windows knows no O_NOFOLLOW.
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)
  const file = await open(part, flags, 0o666)
  if ((await file.stat()).nlink < 2) return file
  await file.close()
  await removeFile(part)
  return open(part, flags | constants.O_EXCL, 0o666)
}
