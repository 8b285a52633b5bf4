import { peekLength } from './detect.js'

/** How much of an image is looked at in all, the head included; a header that promises more is read that far. */
const totalLimit = 2 * 1024 * 1024

/** No image, whatever its tables claim, makes a walk read more or more often than this. */
export class Budget {
  #bytes = totalLimit - peekLength
  #reads = 256

  /** The same part, cut to what is left. */
  spend<T extends { readonly length: number }>(part: T): T {
    const length = this.#reads > 0 ? Math.min(part.length, this.#bytes) : 0
    this.#bytes -= length
    this.#reads -= 1
    return { ...part, length }
  }
}
