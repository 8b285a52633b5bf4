import { peekLength } from './detect.js'

/** The most that is read of an image in total, including the head; a header that promises more is read up to here. */
const totalLimit = 2 * 1024 * 1024

/** Limits what a walk reads and how often, whatever the image's tables claim. */
export class Budget {
  #bytes = totalLimit - peekLength
  #reads = 256

  /** The same request, cut to what is left of the budget. */
  spend<T extends { readonly length: number }>(part: T): T {
    const length = this.#reads > 0 ? Math.min(part.length, this.#bytes) : 0
    this.#bytes -= length
    this.#reads -= 1
    return { ...part, length }
  }
}
