import type { CloudOptions } from './connect-options.js'
import type { Setting, Values } from './values.js'

/** The options of `connect` that are configuration of a cloud, and what openstacksdk calls them. */
const configuration: Readonly<Record<string, string>> = {
  authType: 'auth_type',
  region: 'region_name',
  interface: 'interface',
  imageEndpointOverride: 'image_endpoint_override',
  objectStoreEndpointOverride: 'object_store_endpoint_override',
  cacert: 'cacert',
  cert: 'cert',
  key: 'key',
  insecure: 'insecure',
  verify: 'verify',
}

/** The values among the options of `connect`, under openstacksdk's names. What is undefined is left out. */
export function optionValues(options: CloudOptions): Values {
  const values = new Map<string, Setting>()
  const put = (key: string, value: unknown, name: string) => {
    if (value !== undefined && value !== null) values.set(key, { value, origin: { kind: 'argument', name } })
  }
  for (const [name, key] of Object.entries(configuration)) put(key, options[name as keyof CloudOptions], name)
  for (const [name, value] of Object.entries(options.auth ?? {})) put(`auth.${snakeCase(name)}`, value, `auth.${name}`)
  return values
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
