/** The only error of this package: it was called in a way that cannot work. Image content, however hostile, never causes one. */
export class DiskImageError extends Error {
  override readonly name = 'DiskImageError'
}
