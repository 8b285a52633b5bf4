import { constants, type Stats } from 'node:fs'
import { access, type FileHandle, link, lstat, open, rename, stat, statfs, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { TargetError } from '../../errors/transfer-errors.js'
import { FileRefused } from '../guarded-file.js'
import { removeFile } from './sidecar.js'

/** @throws TargetError: a directory, an existing file without `overwrite`, no such folder, no permission, no room */
export async function checkTarget(path: string, overwrite: boolean): Promise<void> {
  const existing = await statOrMissing(path)
  if (!existing && !overwrite && (await isLink(path))) {
    throw new TargetError(`${path} is a link to a file that does not exist`, {
      hint: 'name that file, or replace the link with overwrite: true (--force)',
    })
  }
  if (existing?.isDirectory()) {
    throw new TargetError(`${path} is a directory`, { hint: 'name the file to write, e.g. by adding its name' })
  }
  if (existing && !existing.isFile()) {
    throw new TargetError(`${path} is not a regular file`, {
      hint: 'write to standard output to feed a device or pipe',
    })
  }
  if (existing && !overwrite) {
    throw new TargetError(`${path} already exists`, {
      hint: 'choose another name, or replace it with overwrite: true (--force)',
    })
  }
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw targetError(path, error)
  })
}

/** @throws TargetError when the disk has no room for this number of additional bytes */
export async function checkRoom(path: string, sizeBytes: number): Promise<void> {
  const folder = dirname(path)
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= sizeBytes) return
  throw new TargetError(`${folder} has ${bavail * bsize} bytes free, and ${sizeBytes} are to be written`, {
    hint: 'free some space, or write to another disk',
  })
}

/** The rename uses the path. @throws TargetError when the path refers to another file by now */
export async function checkUnchanged({ path, file }: { path: string; file: FileHandle }): Promise<void> {
  const [ours, named] = await Promise.all([file.stat({ bigint: true }), lstat(path, { bigint: true })])
  if (ours.ino === named.ino && ours.dev === named.dev) return
  throw new TargetError(`another file has taken the place of ${path}`, { hint: 'choose a folder of your own' })
}

/** Without `overwrite`, a hard link: unlike a rename, it fails when a file has appeared there in the meantime. */
export async function moveInto(part: string, path: string, overwrite: boolean): Promise<void> {
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
  // Renaming to another name of the same file has no effect.
  await removeFile(part)
}

/** Makes the new name survive a power failure. Windows cannot open folders. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  )
}

async function statOrMissing(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw targetError(path, error)
  }
}

/** Turns the error of a system call into one for the caller that wanted to write `path`. */
export function targetError(path: string, cause: unknown): Error {
  if (cause instanceof TargetError) return cause
  if (cause instanceof FileRefused) {
    const hint = `remove ${cause.path}, or choose another name`
    return new TargetError(`${path} cannot be written: ${cause.path} ${cause.reason}`, { cause, hint })
  }
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
  EEXIST: ['it already exists', 'choose another name, or replace it with overwrite: true (--force)'],
  ELOOP: ['a link is in its way, where its .part goes or on its path', 'remove the link'],
  EISDIR: ['a folder is in its way, where its .part or .part.json goes', 'remove the folder'],
  ENAMETOOLONG: ['its name is too long', 'choose a shorter one'],
}
