import { BlobStorageFull, BlobTooLarge, type PendingBlob } from '../../blobs/blob-store.js'
import { invalid, overLimit } from '../errors.js'

/** The bytes that a client sends, and what it declares about them. */
export interface ReceivedBytes {
  readonly bytes: AsyncIterable<Uint8Array>
  /** Undefined: not declared, so that a truncated body cannot be recognized. */
  readonly declaredSize: number | undefined
}

/** Runs a check of written bytes, which are discarded if it throws. */
export async function orDiscard<T>(pending: PendingBlob, check: () => T): Promise<T> {
  try {
    return check()
  } catch (error) {
    await pending.discard()
    throw error
  }
}

/** @throws invalid when the size differs from the one declared */
export function requireDeclaredSize(declared: number | undefined, received: number): void {
  if (declared === undefined || declared === received) return
  throw invalid(`Size mismatch: expected ${declared} bytes, received ${received} bytes`)
}

/** Turns the errors of too many bytes and a full disk into refusals (glance/api/v2/image_data.py `upload`). */
export function asRefusal(error: unknown): unknown {
  if (error instanceof BlobTooLarge) return overLimit(`The incoming image is too large: ${error.message}`)
  if (error instanceof BlobStorageFull || isStorageFull(error)) {
    return overLimit(`Image storage media is full: ${error.message}`)
  }
  return error
}

function isStorageFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}
