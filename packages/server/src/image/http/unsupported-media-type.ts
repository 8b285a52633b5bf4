/** The body is of a kind that the route does not take: 415, with `Accept-Patch` where that helps. */
export class UnsupportedMediaType extends Error {
  override readonly name = 'UnsupportedMediaType'
  readonly headers: Readonly<Record<string, string>>

  constructor(message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.headers = headers
  }
}
