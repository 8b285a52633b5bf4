import type { Source } from './source.js'

/**
 * A source whose bytes are looked at on their way: `own` opens it, and whatever else differs; the rest is the source's,
 * at the moment it is asked for.
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
    get undone() {
      return source.undone
    },
    prepare: (signal) => source.prepare(signal),
    peek: (length, signal) => source.peek(length, signal),
    close: async () => source.close?.(),
  }
  // Not a spread, which would ask each getter of `own` now.
  return Object.defineProperties(through, Object.getOwnPropertyDescriptors(own)) as Source & Own
}
