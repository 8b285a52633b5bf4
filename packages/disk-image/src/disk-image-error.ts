/** The only error of this package: the call was invalid. Image content, however hostile, never causes one. */
export class DiskImageError extends Error {
  override readonly name = 'DiskImageError'
}
