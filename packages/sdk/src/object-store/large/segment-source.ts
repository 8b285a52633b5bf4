import { SourceError } from '../../errors/transfer-errors.js'
import type { Source } from '../../sources/source.js'

/** A range of a source that can be opened at any offset, as a source of its own. `end` is exclusive. */
export function partOf(
  source: Source,
  { start, end, isLast }: { readonly start: number; readonly end: number; readonly isLast: boolean },
): Source {
  const size = end - start
  const { blob } = source
  return {
    label: source.label,
    size,
    replayable: true,
    blob: blob && (async (signal) => (await blob(signal)).slice(start, end)),
    prepare: async () => undefined,
    peek: async () => new Uint8Array(),
    async *open({ signal, reuse } = {}) {
      let left = size
      // The last one has no end, so that a source that is longer than declared is detected.
      const bounds = { start, end: isLast ? undefined : end, signal, reuse }
      for await (const chunk of source.open(bounds)) {
        if (chunk.byteLength > left && isLast) throw wrongSize(source, 'more')
        const part = chunk.byteLength > left ? chunk.subarray(0, left) : chunk
        left -= part.byteLength
        if (part.byteLength > 0) yield part
        if (left === 0 && !isLast) return
      }
      if (left > 0) throw wrongSize(source, `${end - left}`)
    },
  }
}

/** The next bytes of a stream, as a source that is read once. */
export interface StreamPart extends Source {
  readonly replayable: false
  /** Whether all of it has been read. */
  readonly isRead: boolean
}

/** Cuts a stream into segments that are read one after the other. */
export interface StreamCutter {
  /** The next segment, of at most that number of bytes; undefined at the end. The one before must have been read. */
  next(mostBytes: number): Promise<StreamPart | undefined>
  /** Bytes that the segments have yielded. */
  readonly bytes: number
  /** Closes a stream that is no longer read. */
  close(): Promise<void>
}

/** @param source a source that is opened here, once */
export function cutStream(source: Source, signal: AbortSignal | undefined): StreamCutter {
  const total = source.size
  const iterator = source.open({ signal })[Symbol.asyncIterator]()
  let rest: Uint8Array | undefined
  let bytes = 0
  let ended = false

  /** Bytes that are available, or undefined at the end. */
  const ready = async (): Promise<Uint8Array | undefined> => {
    while (!ended && (rest === undefined || rest.byteLength === 0)) {
      const result = await iterator.next()
      if (result.done) ended = true
      else rest = result.value
    }
    return rest && rest.byteLength > 0 ? rest : undefined
  }

  return {
    get bytes() {
      return bytes
    },
    async next(mostBytes) {
      if ((await ready()) === undefined) {
        if (total !== undefined && bytes !== total) throw wrongSize(source, `${bytes}`)
        return undefined
      }
      if (total !== undefined && bytes >= total) throw wrongSize(source, 'more')
      const size = total === undefined ? undefined : Math.min(mostBytes, total - bytes)
      const most = size ?? mostBytes
      let isRead = false
      return {
        label: source.label,
        size,
        replayable: false,
        get isRead() {
          return isRead
        },
        prepare: async () => undefined,
        peek: async () => new Uint8Array(),
        async *open() {
          let left = most
          for (let chunk = await ready(); chunk && left > 0; chunk = left > 0 ? await ready() : undefined) {
            const part = chunk.subarray(0, left)
            rest = chunk.subarray(part.byteLength)
            left -= part.byteLength
            bytes += part.byteLength
            isRead = left === 0
            yield part
          }
          if (left > 0 && size !== undefined) throw wrongSize(source, `${bytes}`)
          isRead = true
        },
      }
    },
    async close() {
      // Not awaited: the return of a silent stream settles only after its next byte, which may never come.
      if (!ended) void Promise.resolve(iterator.return?.()).catch(() => undefined)
      ended = true
    },
  }
}

function wrongSize(source: Source, actual: string): SourceError {
  return new SourceError(`${source.label} was declared to have ${source.size} bytes and has ${actual}`, {
    hint: 'the source changed while it was read, or its declared size is wrong',
  })
}
