import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

const chunkBytes = 1 << 19
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

/** A file's bytes, opened with the first one asked for; `end` is inclusive. */
export async function* readFileRange(
  file: string,
  range: { readonly start: number; readonly end: number } | undefined,
  missing: (cause: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  const handle = await openExisting(file, missing)
  try {
    let position = range?.start ?? 0
    const end = range === undefined ? (await handle.stat()).size : range.end + 1
    while (position < end) {
      const length = Math.min(chunkBytes, end - position)
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, position)
      if (bytesRead === 0) throw new Error(`${file} ends at ${position}, before ${end}`)
      position += bytesRead
      yield bytesRead === length ? buffer : buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

async function openExisting(file: string, missing: (cause: unknown) => Error): Promise<FileHandle> {
  try {
    // A link would lead out of the data folder, a pipe would hold the request up.
    return await open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing(error) : error
  }
}
