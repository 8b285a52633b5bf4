import type { ServerResponse } from 'node:http'

/** Changes a response's body chunk by chunk; `tail` is appended to it. */
export function mapResponse(
  outgoing: ServerResponse,
  change: (chunk: Buffer, offset: number) => Buffer,
  tail?: Buffer,
): void {
  const write = outgoing.write.bind(outgoing) as (chunk: Buffer, done?: () => void) => boolean
  const end = outgoing.end.bind(outgoing) as () => ServerResponse
  let offset = 0
  const changed = (chunk: unknown, encoding: unknown): Buffer => {
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : Buffer.from(chunk as Uint8Array)
    const result = change(bytes, offset)
    offset += bytes.length
    return result
  }
  outgoing.write = ((chunk: unknown, encoding?: unknown, callback?: unknown) => {
    const done = [encoding, callback].find((each) => typeof each === 'function') as (() => void) | undefined
    return write(changed(chunk, encoding), done)
  }) as typeof outgoing.write
  outgoing.end = ((chunk?: unknown, encoding?: unknown) => {
    outgoing.write = write as typeof outgoing.write
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function') write(changed(chunk, encoding))
    if (tail !== undefined) write(tail)
    outgoing.end = end as typeof outgoing.end
    return end()
  }) as typeof outgoing.end
}
