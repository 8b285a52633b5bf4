/** `1476463721.12345`: seconds with five decimals, as in Swift's X-Timestamp. */
export function swiftTimestamp(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(5)
}

/** `2014-01-15T16:37:43.427570`, the last_modified of listings: UTC, no zone. */
export function listingTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, -1)}000`
}

/** Last-Modified has whole seconds; Swift rounds up, so that the header is never before the change. */
export function lastModified(milliseconds: number): string {
  return new Date(Math.ceil(milliseconds / 1000) * 1000).toUTCString()
}
