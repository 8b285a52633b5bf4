/** The bytes of a body up to `limit`; the rest is not read and the connection is closed. */
export async function readBounded(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.byteLength
    if (length >= limit) break
  }
  return concat(chunks, length)
}

/** All the bytes of a body. */
export async function readAll(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return readBounded(body, Number.POSITIVE_INFINITY)
}

/** Reads a short rest, so that the connection can serve again; gives up on a long one, which closes it. */
export async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await readBounded(body, 64 * 1024)
  } catch {
    // Whatever is wrong with a body that nobody wants is nobody's concern.
  }
}

function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks
  if (first && chunks.length === 1) return first
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}
