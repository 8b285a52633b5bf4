import { authoritiesOf } from './config/authorities.js'
import { readTlsFiles } from './tls-files.js'

/**
 * The authorities that the environment names for every program, for requests that belong to no cloud.
 * @throws ConfigError naming the variable, when its file cannot be used
 */
export async function machineAuthorities(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly ca?: string }> {
  const named = authoritiesOf(env)
  if (named === undefined) return {}
  const { ca } = await readTlsFiles({
    insecure: false,
    cacert: named.value,
    cert: undefined,
    key: undefined,
    origins: { cacert: named.name },
  })
  return ca === undefined ? {} : { ca }
}
