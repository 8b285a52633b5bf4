/** The cloud's configuration cannot be used; the message names the place and the reason. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[], source = 'the configuration of the embedded cloud') {
    super(`${source} is not valid: ${problems.join('; ')}`)
    this.problems = problems
  }
}
