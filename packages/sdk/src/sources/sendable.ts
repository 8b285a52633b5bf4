import { UsageError } from '../errors/tyrax-error.js'
import type { WholeBodies } from '../transport/transport.js'
import { fromBlob } from './blob-source.js'
import type { Source } from './source.js'

/** Chunks are passed to the runtime in Blobs of this size, which it can keep outside of the script's memory. */
const pieceBytes = 8 * 1024 * 1024

/**
 * The source in a form that the transport can send. If the transport takes only whole bodies, a source without a Blob
 * is read to its end and collected in one, which can be read again and has a size.
 * @throws UsageError for more than `maxBufferedBytes`; the errors of reading the source
 */
export async function sendable(source: Source, bodies: WholeBodies | undefined, signal?: AbortSignal): Promise<Source> {
  if (!bodies || source.blob) return source
  const { maxBufferedBytes } = bodies
  if (source.size !== undefined && source.size > maxBufferedBytes) throw tooLarge(source, maxBufferedBytes)
  const pieces: Blob[] = []
  let chunks: Uint8Array<ArrayBuffer>[] = []
  let held = 0
  let total = 0
  for await (const chunk of source.open({ signal })) {
    total += chunk.byteLength
    if (total > maxBufferedBytes) throw tooLarge(source, maxBufferedBytes)
    chunks.push(chunk as Uint8Array<ArrayBuffer>)
    held += chunk.byteLength
    if (held < pieceBytes) continue
    pieces.push(new Blob(chunks))
    chunks = []
    held = 0
  }
  const collected = fromBlob(new Blob([...pieces, ...chunks]), source.label)
  return { ...collected, close: async () => source.close?.() }
}

function tooLarge({ label, size }: Source, most: number): UsageError {
  const amount = size === undefined ? `more than ${most}` : `${size}`
  return new UsageError(
    `${label} has ${amount} bytes, and anything but a Blob or File is held in memory before it is sent: at most ${most}`,
    {
      hint:
        'give a File or Blob, which is sent from where it is; or raise maxBufferedBytes of connect(); or put it as an object, ' +
        'in segments; or upload with Node.js, which sends streams',
    },
  )
}
