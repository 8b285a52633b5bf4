import type { Image } from '../image.js'

/** Which stores of a cloud give parts of an image, as far as it was seen. Lives as long as the cloud's object. */
export interface RangeMemory {
  /** Undefined: not known. */
  supports(image: Image): boolean | undefined
  note(image: Image, supports: boolean): void | Promise<void>
}

export function createRangeMemory(): RangeMemory {
  const byStore = new Map<string, boolean>()
  return {
    supports: (image) => byStore.get(image.stores ?? ''),
    note: (image, supports) => void byStore.set(image.stores ?? '', supports),
  }
}
