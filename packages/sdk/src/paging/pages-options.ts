/** How the pages after the first one are requested. */
export interface PagesOptions {
  readonly signal?: AbortSignal | undefined
  /** Called before each of them: its length, if it may be shorter than usual. */
  readonly limit?: (() => number | undefined) | undefined
}
