import { type Declared, type Inspection, judge, type Problem, StreamInspector } from '@tyrax/disk-image'
import { isStructured } from '../../../inspect/partial-reader.js'
import { blobAfterReading } from '../../../sources/blob-source.js'
import { readThrough } from '../../../sources/read-through.js'
import type { OpenOptions, Source } from '../../../sources/source.js'

/**
 * The same source, looked into while it is read: a pipe that ends early is cut short only at its end. The last chunk is
 * withheld until then, so that the server never has the whole of what is refused.
 */
export function inspectedInPassing(
  source: Source,
  seen: Inspection,
  declared: Declared,
  refuse: (refusals: readonly Problem[], detected: string) => Error,
): Source {
  if (!isStructured(seen)) return source
  const inspected: Source = readThrough(source, {
    get seekable() {
      return source.seekable
    },
    blob: blobAfterReading(source, (signal) => inspected.open({ signal })),
    async *open({ start, end, signal }: OpenOptions = {}) {
      if ((start ?? 0) > 0) {
        yield* source.open({ start, end, signal })
        return
      }
      const inspector = new StreamInspector()
      let last: Uint8Array | undefined
      for await (const chunk of source.open({ signal })) {
        if (last) yield last
        inspector.write(chunk)
        last = chunk
      }
      const found = inspector.finish()
      const refusals = judge(found, declared).problems.filter(({ severity }) => severity === 'refused')
      if (refusals.length > 0) throw refuse(refusals, found.format)
      if (last) yield last
    },
  })
  return inspected
}
