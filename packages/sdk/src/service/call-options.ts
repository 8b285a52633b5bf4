/** What every call takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}
