import { TargetError } from '../../errors/transfer-errors.js'
import { FileRefused } from '../steering-file.js'

/** What a system call's failure means for who wanted to write `path`. */
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
  EEXIST: ['it exists already', 'choose another name, or replace it with overwrite: true (--force)'],
  ELOOP: ['a link is in its way, where its .part goes or on its path', 'remove the link'],
  EISDIR: ['a folder is in its way, where its .part or .part.json goes', 'remove the folder'],
  ENAMETOOLONG: ['its name is too long', 'choose a shorter one'],
}
