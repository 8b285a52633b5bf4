import { constants, readSync, type Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { TyraxError } from '../errors/tyrax-error.js'

/**
 * One set of rules for every file that controls what tyrax does: tokens, records of running clouds and of unfinished
 * downloads, locks, clouds files, certificates. Files that tyrax wrote are read back only if they are regular files of
 * the same user that no other user can change, and never through a link. Files that the user names may have any owner
 * and may be links, but must also be regular files of a limited size. Nothing here waits for another process.
 */

/** A file that would control what tyrax does violates these rules. */
export class FileRefused extends TyraxError {
  override readonly name: string = 'FileRefused'
  readonly path: string
  /** Continues a sentence that begins with the path. */
  readonly reason: string
  readonly why: Refusal

  constructor(path: string, why: Refusal, reason: string, hint?: string) {
    super(`${path} ${reason}`, { hint: hint ?? `remove ${path}` })
    this.path = path
    this.why = why
    this.reason = reason
  }
}

/** `shared`: a file of this user that other users can write. `kind`: not a regular file, or not a folder. */
type Refusal = 'kind' | 'foreign' | 'shared' | 'size' | 'encoding'

// Windows has neither flag, and no file owners or pipes of this kind.
export const noFollow = constants.O_NOFOLLOW ?? 0
export const noWait = constants.O_NONBLOCK ?? 0

/** Whether the file belongs to this user. Where files have no owner (Windows), every file does. */
export function isOwn({ uid }: Stats): boolean {
  const own = process.geteuid?.()
  return own === undefined || uid === own
}

export function ownerOf({ uid }: Stats): string {
  return `belongs to another user (uid ${uid})`
}

export function refuseKind(path: string, found: Stats, hint?: string): void {
  if (!found.isFile()) throw new FileRefused(path, 'kind', `is ${kindOf(found)}, not a regular file`, hint)
}

export function kindOf(found: Stats): string {
  if (found.isFile()) return 'a file'
  if (found.isSymbolicLink()) return 'a link'
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

export function readWhole(file: number, { size }: Stats, path: string, maxBytes: number): Buffer {
  const read = createPieces(path, maxBytes)
  // Reads one byte more than the size, to detect the end of the file. Some system files report a size of 0.
  for (let room = Math.min(size, maxBytes) + 1; ; room = pieceBytes) {
    const piece = Buffer.allocUnsafe(room)
    const whole = read(piece, readSync(file, piece))
    if (whole) return whole
  }
}

export async function readPipe(file: FileHandle, path: string, maxBytes: number): Promise<Buffer> {
  const read = createPieces(path, maxBytes)
  for (;;) {
    const piece = Buffer.allocUnsafe(pieceBytes)
    const { bytesRead } = await file.read(piece, 0, piece.byteLength, null)
    const whole = read(piece, bytesRead)
    if (whole) return whole
  }
}

const pieceBytes = 64 * 1024

/** Collects chunks. @returns all of them once a read returns no bytes @throws FileRefused */
function createPieces(path: string, maxBytes: number): (piece: Buffer, bytesRead: number) => Buffer | undefined {
  const pieces: Buffer[] = []
  let total = 0
  return (piece, bytesRead) => {
    if (bytesRead === 0) return Buffer.concat(pieces)
    total += bytesRead
    if (total > maxBytes)
      throw new FileRefused(path, 'size', `has more than ${maxBytes} bytes`, 'is it the right file?')
    pieces.push(piece.subarray(0, bytesRead))
    return undefined
  }
}
