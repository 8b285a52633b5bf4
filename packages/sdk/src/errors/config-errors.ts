import { TyraxError } from './tyrax-error.js'

/** The configuration is missing something, or holds something it should not; the message names file and key. */
export class ConfigError extends TyraxError {
  override readonly name: string = 'ConfigError'
  /** The keys of which one is needed, such as `password`, when that is the problem. */
  declare readonly missing?: readonly string[]

  constructor(
    message: string,
    options?: ErrorOptions & { hint?: string | undefined; missing?: readonly string[] | undefined },
  ) {
    super(message, options)
    if (options?.missing !== undefined) this.missing = options.missing
  }
}

/** The catalogue has no such service, region or interface; the message lists what it has. */
export class EndpointNotFoundError extends TyraxError {
  override readonly name: string = 'EndpointNotFoundError'
}

/** No configuration at all: no clouds.yaml, no `OS_*`, no option. An incomplete one is a {@link ConfigError}. */
export class NotConfiguredError extends ConfigError {
  override readonly name: string = 'NotConfiguredError'
}
