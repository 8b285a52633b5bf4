import { damaged, type Decoder } from '../../platform/decoder.js'
import { iterable } from '../../sources/stream-source.js'

/**
 * gzip with the runtime's own decoder. It accepts a single member and rejects anything after it (Compression Standard,
 * "decompress and enqueue a chunk"), so a file with several members is an error here, but not in Node.
 */
export const gunzip: Decoder = async function* (input, label) {
  const chunks = input[Symbol.asyncIterator]()
  let failure: { readonly error: unknown } | undefined
  const compressed = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await chunks.next()
          if (done) controller.close()
          else controller.enqueue(value as Uint8Array<ArrayBuffer>)
        } catch (error) {
          failure = { error }
          controller.error(error)
        }
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 0 },
  )
  try {
    yield* iterable(compressed.pipeThrough(new DecompressionStream('gzip')), label)
  } catch (cause) {
    if (failure) throw failure.error
    const why = cause instanceof Error ? cause.message : String(cause)
    throw damaged(label, 'gzip', `cannot be decoded, ends too early, or has several members: ${why}`, cause)
  }
}
