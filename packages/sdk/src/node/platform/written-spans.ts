/** Which bytes of a file have been written, by several writers. */
export interface WrittenSpans {
  /** How many bytes there are from the beginning without a gap. */
  readonly prefix: number
  add(start: number, end: number): void
}

/** @param prefix bytes that are there from the start */
export function writtenSpans(prefix: number): WrittenSpans {
  let reach = prefix
  /** Beyond `reach`: end by start. A writer's spans grow together, so there are about as many as writers. */
  const ahead = new Map<number, number>()
  return {
    get prefix() {
      return reach
    },
    add(start, end) {
      if (end <= reach) return
      const from = Math.max(start, reach)
      const before = [...ahead].find(([, itsEnd]) => itsEnd === from)
      ahead.set(before?.[0] ?? from, end)
      for (let next = ahead.get(reach); next !== undefined; next = ahead.get(reach)) {
        ahead.delete(reach)
        reach = next
      }
    },
  }
}
