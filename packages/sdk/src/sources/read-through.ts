import type { Source } from './source.js'

/**
 * A source whose bytes are inspected while they are read: `own` opens it and overrides other members; everything else
 * is read from the source when it is accessed.
 */
export function readThrough<Own extends Pick<Source, 'open' | 'blob'>>(source: Source, own: Own): Source & Own {
  const through: Omit<Source, 'open'> = {
    get label() {
      return source.label
    },
    get size() {
      return source.size
    },
    get replayable() {
      return source.replayable
    },
    get isRemote() {
      return source.isRemote
    },
    get hashes() {
      return source.hashes
    },
    get undone() {
      return source.undone
    },
    prepare: (signal) => source.prepare(signal),
    peek: (length, signal) => source.peek(length, signal),
    close: async () => source.close?.(),
  }
  // Not a spread, which would evaluate the getters of `own` now.
  return Object.defineProperties(through, Object.getOwnPropertyDescriptors(own)) as Source & Own
}
