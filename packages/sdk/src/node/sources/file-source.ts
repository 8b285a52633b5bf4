import { type BigIntStats, constants, open as openDescriptor } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import { promisify } from 'node:util'
import { SourceError } from '../../errors/transfer-errors.js'
import { UsageError } from '../../errors/tyrax-error.js'
import { oneShot } from '../../sources/one-shot.js'
import type { OpenOptions, Source } from '../../sources/source.js'
import { type ChunkMemory, memoryInTurn, newMemory } from '../memory-in-turn.js'
import { throwIfAborted } from '../../transport/aborting.js'

/** Large reads cost half as much as the default of 64 KiB. */
const readBytes = 1024 * 1024
/** The reader holds on to three, and one is read ahead. */
const buffersInTurn = 4
/** The default capacity of a pipe (pipe(7)). */
const pipeBytes = 64 * 1024

/**
 * A file. It is opened again for every reading, and must stay the same: if it grows, shrinks or is replaced while it is
 * read, an error is thrown before its last byte is returned, so that a mixture is never mistaken for the file. A pipe
 * or device can be read once.
 */
export function fromFile(path: string | URL): Source {
  if (typeof path !== 'string' && !(path instanceof URL)) throw new UsageError('fromFile takes a path')
  const label = String(path)
  let known: BigIntStats | undefined
  let once: Source | undefined

  const look = async (): Promise<void> => {
    if (known) return
    const found = await attempt(label, () => stat(path, { bigint: true }))
    if (found.isDirectory()) throw new SourceError(`${label} is a directory`, { hint: 'name a file in it' })
    if (found.isFIFO() && canWaitForPipes) {
      once = pipeSource(path, label)
    } else if (!found.isFile()) {
      once = oneShot({ label, begin: async () => readPipe(await attempt(label, () => open(path, 'r')), label) })
    } else {
      const handle = await attempt(label, () => open(path, 'r'))
      await handle.close()
    }
    known = found
  }
  const openSame = async (): Promise<FileHandle> => {
    const handle = await attempt(label, () => open(path, 'r'))
    try {
      checkSame(label, known as BigIntStats, await handle.stat({ bigint: true }))
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  return {
    label,
    get size() {
      return known?.isFile() ? Number(known.size) : undefined
    },
    get replayable() {
      return once === undefined
    },
    prepare: look,
    async *open(options: OpenOptions = {}) {
      await look()
      if (once) {
        yield* once.open(options)
        return
      }
      const handle = await openSame()
      try {
        yield* readFile(handle, path, label, known as BigIntStats, options)
      } finally {
        await handle.close()
      }
    },
    async peek(length, signal) {
      await look()
      if (once) return once.peek(length, signal)
      const handle = await openSame()
      try {
        const buffer = Buffer.allocUnsafe(length)
        let filled = 0
        for (;;) {
          const { bytesRead } = await attempt(label, () => handle.read(buffer, filled, length - filled, filled))
          filled += bytesRead
          if (bytesRead === 0 || filled === length) return buffer.subarray(0, filled)
        }
      } finally {
        await handle.close()
      }
    },
    close: async () => once?.close?.(),
  }
}

async function* readFile(
  handle: FileHandle,
  path: string | URL,
  label: string,
  known: BigIntStats,
  { start = 0, end, reuse = false, signal }: OpenOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const size = Math.min(Number(known.size), end ?? Number(known.size))
  const memory = reuse ? memoryInTurn(readBytes, buffersInTurn) : newMemory
  // Reads one chunk ahead, so that the disk and the network work at the same time.
  const ahead = (position: number) => {
    if (position >= size) return undefined
    const reading = read(handle, memory, position, size, label)
    // Nobody may be waiting for it when it fails, and Node ends a process for that.
    reading.catch(() => undefined)
    return reading
  }
  let pending = ahead(start)
  try {
    let position = start
    while (pending) {
      const chunk = await pending
      throwIfAborted(signal)
      position += chunk.byteLength
      pending = ahead(position)
      if (!pending) {
        checkSame(label, known, await handle.stat({ bigint: true }))
        checkSame(label, known, await attempt(label, () => stat(path, { bigint: true })))
      }
      yield chunk
    }
  } finally {
    // The file is closed next, and a pending read would fail on a closed descriptor.
    await pending?.catch(() => undefined)
  }
}

/** Fills the whole buffer: only the last chunk is shorter. */
async function read(
  handle: FileHandle,
  memory: ChunkMemory,
  position: number,
  size: number,
  label: string,
): Promise<Uint8Array> {
  const buffer = memory(Math.min(readBytes, size - position))
  for (let filled = 0; filled < buffer.byteLength;) {
    const at = filled
    const { bytesRead } = await attempt(label, () => handle.read(buffer, at, buffer.byteLength - at, position + at))
    if (bytesRead === 0) throw changed(label, `it ends at byte ${position + at}, but had ${size} bytes`)
    filled += bytesRead
  }
  return buffer
}

/** Whether waiting for a writer can be cancelled: a thread that is blocked keeps the process from exiting. */
const canWaitForPipes =
  process.platform === 'linux' && process.versions['bun'] === undefined && process.versions['deno'] === undefined

/** A named pipe: opened without waiting for its writer, and read when data arrives. */
function pipeSource(path: string | URL, label: string): Source {
  let socket: Socket | undefined
  let isStopped = false
  // Destroyed with an error, so that an incomplete read is not mistaken for the end.
  const end = () => socket?.destroy(new Error('interrupted'))
  const stop = () => {
    isStopped = true
    end()
  }
  const source = oneShot({
    label,
    async begin() {
      const flags = constants.O_RDONLY | constants.O_NONBLOCK
      const fd = await attempt(label, () => promisify(openDescriptor)(path, flags, 0))
      socket = new Socket({ fd, readable: true, writable: false })
      // Handles errors before reading starts and after it ends.
      socket.on('error', () => undefined)
      // The caller may have aborted while the pipe was being opened.
      if (isStopped) end()
      return socket
    },
    stop,
  })
  const until = <T>(signal: AbortSignal | undefined, read: () => T): T => {
    throwIfAborted(signal)
    signal?.addEventListener('abort', stop, { once: true })
    return read()
  }
  return {
    ...source,
    open: (options) => until(options?.signal, () => source.open(options)),
    peek: async (length, signal) => until(signal, () => source.peek(length, signal)),
  }
}

async function* readPipe(handle: FileHandle, label: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    let free = newMemory(readBytes)
    for (;;) {
      const buffer = free
      const { bytesRead } = await attempt(label, () => handle.read(buffer, 0, buffer.byteLength, null))
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
      // A pipe returns little data at a time, so the rest of the buffer is used for the next read.
      free = buffer.byteLength - bytesRead < pipeBytes ? newMemory(readBytes) : buffer.subarray(bytesRead)
    }
  } finally {
    await handle.close()
  }
}

function checkSame(label: string, before: BigIntStats, now: BigIntStats): void {
  if (now.ino !== before.ino || now.dev !== before.dev) throw changed(label, 'another file has taken its place')
  if (now.size !== before.size) throw changed(label, `it had ${before.size} bytes and now has ${now.size}`)
  if (now.mtimeNs !== before.mtimeNs) throw changed(label, 'it has been written to')
}

function changed(label: string, how: string): SourceError {
  return new SourceError(`${label} changed while it was read: ${how}`, {
    hint: 'wait until whatever writes it is done, or make a copy first',
  })
}

async function attempt<T>(label: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof SourceError) throw cause
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    const why = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause))
    throw new SourceError(`${label} cannot be read: ${why}`, { cause })
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EISDIR: 'it is a directory',
  EIO: 'the disk reports an error',
  EMFILE: 'too many files are open',
}
