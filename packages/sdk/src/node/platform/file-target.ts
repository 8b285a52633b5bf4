import { constants, type Stats } from 'node:fs'
import { access, type FileHandle, link, open, rename, stat, statfs, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { TargetError } from '../../errors/transfer-errors.js'
import type { FileTarget, FileTargetOptions } from '../../platform/platform.js'
import { takeLock } from './lock-file.js'

/** Bytes are written in blocks of this size, whatever the network gives. */
const blockBytes = 1024 * 1024

/**
 * Opens `<path>.part` for writing, having checked what can be checked before the first byte is fetched.
 * @throws TargetError: a directory, an existing file without `overwrite`, no such folder, no permission, no room
 */
export async function openFileTarget(given: string, options: FileTargetOptions = {}): Promise<FileTarget> {
  const path = resolve(given)
  const overwrite = options.overwrite ?? false
  await checkTarget(path, overwrite, options.sizeBytes)
  const part = `${path}.part`
  const lock = await takeLock(`${part}.lock`, path).catch((error: unknown) => {
    throw targetError(path, error)
  })
  let file: FileHandle
  try {
    file = await open(part, 'w', 0o666)
  } catch (error) {
    await lock.release()
    throw targetError(path, error)
  }

  const block = Buffer.allocUnsafe(blockBytes)
  let filled = 0
  let open_ = true
  const flush = async () => {
    let offset = 0
    while (offset < filled) offset += (await file.write(block, offset, filled - offset)).bytesWritten
    filled = 0
  }
  const close = async () => {
    if (!open_) return
    open_ = false
    await file.close()
  }
  const writeSlowly = async (chunk: Uint8Array) => {
    let offset = 0
    try {
      while (offset < chunk.byteLength) {
        const count = Math.min(chunk.byteLength - offset, blockBytes - filled)
        block.set(chunk.subarray(offset, offset + count), filled)
        filled += count
        offset += count
        if (filled === blockBytes) await flush()
      }
    } catch (error) {
      throw targetError(path, error)
    }
  }
  let done = false
  return {
    path,
    write(chunk) {
      if (filled + chunk.byteLength >= blockBytes) return writeSlowly(chunk)
      block.set(chunk, filled)
      filled += chunk.byteLength
      return undefined
    },
    async commit() {
      try {
        await flush()
        await file.sync()
        await close()
        await moveInto(part, path, overwrite)
        await syncFolder(dirname(path))
        done = true
      } catch (error) {
        throw targetError(path, error)
      } finally {
        if (done) await lock.release()
      }
    },
    async discard() {
      if (done) return
      done = true
      await close()
      await unlink(part).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw targetError(path, error)
      })
      await lock.release()
    },
  }
}

async function checkTarget(path: string, overwrite: boolean, sizeBytes: number | undefined): Promise<void> {
  const existing = await statOrMissing(path)
  if (existing?.isDirectory()) {
    throw new TargetError(`${path} is a directory`, { hint: 'name the file to write, e.g. by adding its name' })
  }
  if (existing && !existing.isFile()) {
    throw new TargetError(`${path} is not a regular file`, {
      hint: 'write to standard output to feed a device or pipe',
    })
  }
  if (existing && !overwrite) {
    throw new TargetError(`${path} exists already`, { hint: 'choose another name, or allow it to be overwritten' })
  }
  const folder = dirname(path)
  try {
    await access(folder, constants.W_OK)
    if (sizeBytes === undefined) return
    const { bavail, bsize } = await statfs(folder)
    if (bavail * bsize >= sizeBytes) return
    throw new TargetError(`${folder} has ${bavail * bsize} bytes free, and the image has ${sizeBytes}`, {
      hint: 'free some space, or write to another disk',
    })
  } catch (error) {
    throw targetError(path, error)
  }
}

/** Without `overwrite`, a hard link: it fails where a file has come to be there in the meantime, a rename would not. */
async function moveInto(part: string, path: string, overwrite: boolean): Promise<void> {
  if (!overwrite) {
    try {
      await link(part, path)
      await unlink(part)
      return
    } catch (error) {
      if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error
    }
    if (await statOrMissing(path)) throw Object.assign(new Error('file exists'), { code: 'EEXIST' })
  }
  await rename(part, path)
}

/** Makes the new name itself survive a power cut; folders cannot be opened on every system. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function statOrMissing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw targetError(path, error)
  }
}

function targetError(path: string, cause: unknown): Error {
  if (cause instanceof TargetError) return cause
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  const [reason, hint] = reasons[code] ?? [cause instanceof Error ? cause.message : String(cause), undefined]
  return new TargetError(`${path} cannot be written: ${reason}`, { cause, hint })
}

const reasons: Readonly<Record<string, [reason: string, hint: string]>> = {
  ENOENT: ['its folder does not exist', 'create the folder first'],
  ENOTDIR: ['a part of its path is not a folder', 'check the path'],
  EACCES: ['permission denied', 'choose a folder you may write to'],
  EPERM: ['not permitted', 'choose a folder you may write to'],
  EROFS: ['the file system is read-only', 'choose another disk'],
  ENOSPC: ['no space left on the disk', 'free some space, or write to another disk'],
  EDQUOT: ['your disk quota is used up', 'free some space, or write to another disk'],
  EFBIG: ['the file system takes no files of this size', 'write to another disk'],
  EEXIST: ['it exists already', 'choose another name, or allow it to be overwritten'],
  ENAMETOOLONG: ['its name is too long', 'choose a shorter one'],
}
