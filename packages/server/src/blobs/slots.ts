const slotBytes = 1 << 20
/**
 * Of one upload alone: enough that reading, writing and two hashes each have something to do. Many uploads at once have
 * fewer each: more would no longer fit into the processor's cache.
 */
const slotCount = 6
/** So many an upload always has: one to fill, one to store. */
const leastCount = 2
/** Of those that no upload has, so many are kept. */
const spareCount = 16

/** A piece of shared memory that is filled, then read by the file and the hashes, then filled again. */
export interface Slot {
  isFull(): boolean
  length(): number
  /** Takes what fits of `chunk` from `offset` on. @returns how much that was */
  fill(chunk: Uint8Array, offset: number): number
  /** What was filled in. */
  subarray(): Uint8Array<SharedArrayBuffer>
  clear(): void
}

function createSlot(): Slot {
  const memory = new Uint8Array(new SharedArrayBuffer(slotBytes))
  let length = 0
  return {
    isFull: () => length === slotBytes,
    length: () => length,
    fill(chunk, offset) {
      const part = Math.min(chunk.length - offset, slotBytes - length)
      memory.set(offset === 0 && part === chunk.length ? chunk : chunk.subarray(offset, offset + part), length)
      length += part
      return part
    },
    subarray: () => memory.subarray(0, length),
    clear() {
      length = 0
    },
  }
}

/**
 * The slots of all uploads. They are used again and again: a thread that has seen one holds its memory until it happens
 * to collect its garbage, which an idle thread never does.
 */
export interface SlotPool {
  /** @param held how many slots the upload has */
  take(held: number): Slot | undefined
  give(slots: readonly Slot[]): void
}

export function createSlotPool(): SlotPool {
  const spare: Slot[] = []
  let used = 0
  return {
    take(held) {
      if (held >= slotCount || (held >= leastCount && used >= slotCount)) return undefined
      used += 1
      return spare.pop() ?? createSlot()
    },
    give(slots) {
      used -= slots.length
      spare.push(...slots.slice(0, Math.max(0, spareCount - spare.length)))
    },
  }
}

export interface Slots {
  /** A free slot, as soon as there is one: this is what holds back a sender that is faster than the disk. */
  take(): Promise<Slot>
  /** Frees a slot when `work` on it has ended. */
  release(slot: Slot, work: readonly Promise<unknown>[], onError: (error: unknown) => void): void
  /** Resolves when all work on slots has ended. */
  settled(): Promise<void>
  /** Gives all of them back, once they are settled. */
  end(): void
}

export function createSlots(pool: SlotPool): Slots {
  const all: Slot[] = []
  const free: Slot[] = []
  const busy = new Set<Promise<void>>()
  const finish = async (slot: Slot, work: readonly Promise<unknown>[], onError: (error: unknown) => void) => {
    for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') onError(result.reason)
    slot.clear()
    free.push(slot)
  }
  return {
    async take() {
      const slot = free.pop()
      if (slot !== undefined) return slot
      const another = pool.take(all.length)
      if (another !== undefined) {
        all.push(another)
        return another
      }
      await Promise.race(busy)
      return this.take()
    },
    release(slot, work, onError) {
      const done = finish(slot, work, onError).finally(() => busy.delete(done))
      busy.add(done)
    },
    async settled() {
      await Promise.all(busy)
    },
    end() {
      for (const slot of all) slot.clear()
      pool.give(all.splice(0))
      free.length = 0
    },
  }
}
