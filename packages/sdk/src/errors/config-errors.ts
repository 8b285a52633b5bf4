import { TyraxError } from './tyrax-error.js'

/** The configuration is missing something, or holds something it should not; the message names file and key. */
export class ConfigError extends TyraxError {
  override readonly name: string = 'ConfigError'
}

/** The catalogue has no such service, region or interface; the message lists what it has. */
export class EndpointNotFoundError extends TyraxError {
  override readonly name: string = 'EndpointNotFoundError'
}

/** Nothing at all says which cloud: no clouds.yaml, no `OS_*`, no option. Half a configuration is a {@link ConfigError}. */
export class NotConfiguredError extends ConfigError {
  override readonly name: string = 'NotConfiguredError'
}
