/** The headers of a response, names in any case. A web `Headers` is one. */
export interface ResponseHeaders extends Iterable<[name: string, value: string]> {
  /** Values of a repeated header are joined by `, `. */
  get(name: string): string | null
  /** Whether there is such a header. */
  has(name: string): boolean
}
