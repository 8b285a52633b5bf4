import type { CloudOptions } from './connect-options.js'
import type { Setting, Values } from './values.js'

const special: Readonly<Record<string, string>> = { region: 'region_name' }
/** Options that are not configuration of a cloud. */
const notValues = new Set([
  'auth',
  'cloud',
  'timeouts',
  'retry',
  'logger',
  'userAgent',
  'tokenCache',
  'transport',
  'signal',
  'proxy',
  'configContext',
])

/** The values among the options of `connect`, under openstacksdk's names. What is undefined is left out. */
export function optionValues(options: CloudOptions): Values {
  const values = new Map<string, Setting>()
  const put = (key: string, value: unknown, name: string) => {
    if (value !== undefined && value !== null) values.set(key, { value, origin: { kind: 'argument', name } })
  }
  for (const [name, value] of Object.entries(options)) {
    if (!notValues.has(name))
      put((Object.hasOwn(special, name) ? special[name] : undefined) ?? snakeCase(name), value, name)
  }
  for (const [name, value] of Object.entries(options.auth ?? {})) put(`auth.${snakeCase(name)}`, value, `auth.${name}`)
  return values
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
