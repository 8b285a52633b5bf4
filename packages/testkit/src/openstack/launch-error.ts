/** The real services could not be installed, started or ended; the message says what to do. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError'
}
