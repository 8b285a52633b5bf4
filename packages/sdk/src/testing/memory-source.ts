import { SourceError } from '../errors/transfer-errors.js'
import type { Source } from '../sources/source.js'

/** Bytes from memory that can be opened once, or any number of times; counts how often. */
export function memorySource(bytes: Uint8Array, replayable: boolean): Source & { readonly opened: number } {
  let opened = 0
  return {
    label: 'memory',
    size: bytes.byteLength,
    replayable,
    get opened() {
      return opened
    },
    prepare: async () => undefined,
    async *open() {
      opened += 1
      if (opened > 1 && !replayable) throw new SourceError('memory was read already')
      yield bytes
    },
    peek: async (length) => bytes.subarray(0, length),
  }
}
