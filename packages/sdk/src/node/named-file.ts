import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, type Stats, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { decodedText, utf16Of } from '../platform/decoded-text.js'
import { FileRefused, noWait, readPipe, readWhole, refuseKind } from './guarded-file.js'

/** Like {@link readNamedBytes}, as text. @throws FileRefused for a file that is not UTF-8 and has no byte order mark */
export async function readNamedFile(path: string, maxBytes: number, check?: (found: Stats) => void): Promise<string> {
  const bytes = await readNamedBytes(path, maxBytes, check)
  if (utf16Of(bytes) === undefined && !isUtf8(bytes)) {
    throw new FileRefused(path, 'encoding', 'is not UTF-8', 'save it with the encoding UTF-8')
  }
  return decodedText(bytes)
}

/**
 * The bytes of a file that the user names. A pipe is read only if it is one of the process's own descriptors, as the
 * shell's `<(command)` passes them.
 * @param check an additional check of the file's owner and mode
 * @throws FileRefused for a pipe, a device and more than `maxBytes`; the system's error, e.g. ENOENT, EISDIR
 */
export async function readNamedBytes(path: string, maxBytes: number, check?: (found: Stats) => void): Promise<Buffer> {
  const isDescriptor = /^\/(dev\/stdin|(dev|proc\/self)\/fd\/\d+)$/.test(path)
  const refuse = (found: Stats) => {
    // For a folder, the system reports the error itself.
    if (found.isDirectory() || (isDescriptor && (found.isFIFO() || found.isSocket()))) return
    refuseKind(path, found, 'name a regular file')
  }
  const checkOpened = (found: Stats) => {
    refuse(found)
    check?.(found)
  }
  const seen = statSync(path)
  refuse(seen)
  if (seen.isFIFO() || seen.isSocket()) {
    const pipe = await open(path, constants.O_RDONLY)
    try {
      checkOpened(await pipe.stat())
      return await readPipe(pipe, path, maxBytes)
    } finally {
      await pipe.close()
    }
  }
  const file = openSync(path, constants.O_RDONLY | (isDescriptor ? 0 : noWait))
  try {
    const opened = fstatSync(file)
    checkOpened(opened)
    return readWhole(file, opened, path, maxBytes)
  } finally {
    closeSync(file)
  }
}
