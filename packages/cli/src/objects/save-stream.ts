import { createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { TargetError } from '@tyrax/sdk'

/**
 * Writes a stream to a file that gets its name only when all of it is there and on the disk.
 * @returns the number of bytes
 * @throws TargetError when the file cannot be written
 */
export async function saveStream(bytes: AsyncIterable<Uint8Array>, to: string, signal: AbortSignal): Promise<number> {
  const existing = await stat(to).catch(() => undefined)
  if (existing?.isDirectory()) throw new TargetError(`${to} is a directory`, { hint: 'give the name of a file' })
  const part = `${to}.part`
  const file = await open(part, 'w').catch((error: NodeJS.ErrnoException) => {
    throw new TargetError(`${part} cannot be written: ${error.message}`, { cause: error })
  })
  try {
    const target = createWriteStream(part, { fd: file.fd, autoClose: false })
    await pipeline(bytes, target, { signal })
    await file.sync()
    await file.close()
    await rename(part, to)
    return target.bytesWritten
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(part, { force: true })
    throw error
  }
}
