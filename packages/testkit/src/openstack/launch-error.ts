/** The real services could not be installed, started or stopped; the message says what to do. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError'
}
