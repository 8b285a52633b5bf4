const slotBytes = 1 << 20
/** Enough that reading, writing and two hashes each have something to do, few enough to bound an upload's memory. */
const slotCount = 6

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

export interface Slots {
  /** A free slot, as soon as there is one: this is what holds back a sender that is faster than the disk. */
  take(): Promise<Slot>
  /** Frees a slot when `work` on it has ended. */
  release(slot: Slot, work: readonly Promise<unknown>[], onError: (error: unknown) => void): void
  /** Resolves when all work on slots has ended. */
  settled(): Promise<void>
}

export function createSlots(): Slots {
  const free: Slot[] = []
  const busy = new Set<Promise<void>>()
  let made = 0
  const finish = async (slot: Slot, work: readonly Promise<unknown>[], onError: (error: unknown) => void) => {
    for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') onError(result.reason)
    slot.clear()
    free.push(slot)
  }
  return {
    async take() {
      const slot = free.pop()
      if (slot !== undefined) return slot
      if (made < slotCount) {
        made += 1
        return createSlot()
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
  }
}
