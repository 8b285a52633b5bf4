/**
 * The bytes as a web stream, fetched as fast as it is read. Cancelling it ends the generator.
 * @param first what the generator has already yielded, if the caller awaited it
 */
export function webStream(
  data: AsyncGenerator<Uint8Array, void, undefined>,
  first?: IteratorResult<Uint8Array, void>,
): ReadableStream<Uint8Array> {
  let next = first
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const result = next ?? (await data.next())
        next = undefined
        if (result.done) controller.close()
        else controller.enqueue(result.value)
      },
      async cancel() {
        await data.return()
      },
    },
    { highWaterMark: 0 },
  )
}
