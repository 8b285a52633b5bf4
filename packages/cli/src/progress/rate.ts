/** How fast something goes: an average that forgets, so that it follows a link that changes. */
export class Rate {
  readonly #halfLifeMs: number
  #bytes = 0
  #at: number | undefined
  #perSecond: number | undefined

  constructor(halfLifeMs = 5000) {
    this.#halfLifeMs = halfLifeMs
  }

  /** Bytes so far, at a time in milliseconds. */
  observe(bytes: number, now: number): void {
    if (this.#at === undefined || bytes < this.#bytes) {
      this.#at = now
      this.#bytes = bytes
      this.#perSecond = undefined
      return
    }
    const elapsed = now - this.#at
    if (elapsed <= 0) return
    const current = ((bytes - this.#bytes) / elapsed) * 1000
    const weight = this.#perSecond === undefined ? 1 : 1 - 2 ** (-elapsed / this.#halfLifeMs)
    this.#perSecond = (this.#perSecond ?? 0) * (1 - weight) + current * weight
    this.#at = now
    this.#bytes = bytes
  }

  /** Undefined until there are two observations. */
  get bytesPerSecond(): number | undefined {
    return this.#perSecond
  }
}
