/**
 * The speed of a transfer: an average in which the last seconds count most, so that it follows a link whose speed
 * changes. Each moment counts by its length, from the first one on: a short one at the beginning does not decide.
 */
export class Rate {
  readonly #halfLifeMs: number
  #bytes = 0
  #at: number | undefined
  /** The sum of speeds by their weights, and of the weights. */
  #sum = 0
  #weights = 0

  constructor(halfLifeMs = 5000) {
    this.#halfLifeMs = halfLifeMs
  }

  /** Records the number of bytes so far, at a time in milliseconds. A smaller number starts over. */
  observe(bytes: number, now: number): void {
    if (this.#at === undefined || bytes < this.#bytes) {
      this.#at = now
      this.#bytes = bytes
      this.#sum = 0
      this.#weights = 0
      return
    }
    const elapsed = now - this.#at
    if (elapsed <= 0) return
    const current = ((bytes - this.#bytes) / elapsed) * 1000
    const weight = 1 - 2 ** (-elapsed / this.#halfLifeMs)
    this.#sum = this.#sum * (1 - weight) + current * weight
    this.#weights = this.#weights * (1 - weight) + weight
    this.#at = now
    this.#bytes = bytes
  }

  /** Undefined until there are two observations. */
  get bytesPerSecond(): number | undefined {
    return this.#weights > 0 ? this.#sum / this.#weights : undefined
  }
}
