import { canonicalInterface } from '../catalog/find-endpoint.js'
import { ConfigError } from '../errors/config-errors.js'
import { authFromValues } from './auth-from-values.js'
import type { CloudSettings, ServiceSettings, TlsSettings } from './cloud-settings.js'
import type { Subject } from './missing-settings.js'
import { asList, describeOrigin, flagOf, textOf, type Values } from './values.js'

/** Validates a configuration. @throws ConfigError */
export function settingsFromValues(values: Values, subject: Subject): CloudSettings {
  return {
    auth: authFromValues(values, subject),
    region: textOf(values, 'region_name'),
    interfaces: interfacesOf(values, 'interface') ?? ['public'],
    services: { image: serviceOf(values, 'image'), 'object-store': serviceOf(values, 'object_store') },
    tls: {
      insecure: flagOf(values, 'insecure') === true || flagOf(values, 'verify') === false,
      cacert: textOf(values, 'cacert'),
      cert: textOf(values, 'cert'),
      key: textOf(values, 'key'),
      origins: originsOf(values),
    },
    timeouts: timeoutsOf(values),
  }
}

function originsOf(values: Values): TlsSettings['origins'] {
  const names = ['cacert', 'cert', 'key'] as const
  return Object.fromEntries(
    names.flatMap((name) => {
      const setting = values.get(name)
      return setting ? [[name, describeOrigin(setting.origin)]] : []
    }),
  )
}

function serviceOf(values: Values, prefix: string): ServiceSettings {
  return {
    endpointOverride: textOf(values, `${prefix}_endpoint_override`) ?? textOf(values, `${prefix}_endpoint`),
    region: textOf(values, `${prefix}_region_name`),
    interfaces: interfacesOf(values, `${prefix}_interface`),
  }
}

const interfaces = ['public', 'internal', 'admin']

function interfacesOf(values: Values, key: string): readonly string[] | undefined {
  const setting = values.get(key)
  const list = asList(setting?.value)
  if (setting === undefined || list.length === 0) return undefined
  return list.map((item) => {
    const name = canonicalInterface(String(item))
    if (interfaces.includes(name)) return name
    throw new ConfigError(
      `the interface ${String(item)} (${describeOrigin(setting.origin)}) is not one of ${interfaces.join(', ')}`,
    )
  })
}

/** `api_timeout`, in seconds, limits how long a server may stay silent at any stage, as in openstacksdk. */
function timeoutsOf(values: Values): CloudSettings['timeouts'] {
  const text = textOf(values, 'api_timeout')
  if (text === undefined) return {}
  const timeoutMs = Number(text) * 1000
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0)
    throw new ConfigError(`api_timeout is not a number of seconds: ${text}`)
  return { headersTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs }
}
