import { UsageError } from '../errors/tyrax-error.js'
import type { CloudOptions } from './connect-options.js'
import type { Setting, Values } from './values.js'

/** Describes an option of `connect`. */
interface OptionKind {
  /** openstacksdk's name of it, if it is a setting of a cloud. */
  readonly key?: string
  /** The only runtime that supports it. */
  readonly only?: 'node' | 'browser'
}

/** Every option of `connect`, in every runtime; other names are refused. */
const optionTable = {
  auth: {},
  authType: { key: 'auth_type' },
  region: { key: 'region_name' },
  interface: { key: 'interface' },
  imageEndpointOverride: { key: 'image_endpoint_override' },
  objectStoreEndpointOverride: { key: 'object_store_endpoint_override' },
  cloud: { only: 'node' },
  cacert: { key: 'cacert', only: 'node' },
  cert: { key: 'cert', only: 'node' },
  key: { key: 'key', only: 'node' },
  insecure: { key: 'insecure', only: 'node' },
  verify: { key: 'verify', only: 'node' },
  proxy: { only: 'node' },
  configContext: { only: 'node' },
  timeouts: {},
  retry: {},
  transfers: {},
  logger: {},
  userAgent: {},
  signIn: {},
  tokenCache: {},
  transport: {},
  signal: {},
  maxBufferedBytes: { only: 'browser' },
} as const satisfies Readonly<Record<string, OptionKind>>

const table: Readonly<Record<string, OptionKind>> = optionTable

/**
 * Does not compile for an options type with a name that is missing from the table.
 * @throws UsageError for an unknown option name, which would otherwise be ignored
 */
export function refuseUnknownOptions<Options extends object>(
  options: Options & Readonly<Record<Exclude<keyof Options, keyof typeof optionTable>, never>>,
): void {
  const unknown = given(options).filter((name) => !Object.hasOwn(table, name))
  if (unknown.length === 0) return
  throw new UsageError(`connect has no option ${unknown.join(', ')}`, {
    hint: `it takes ${Object.keys(table).join(', ')}`,
  })
}

/** The options in use that only Node supports. */
export function nodeOptionsIn(options: object): string[] {
  return Object.keys(table).filter((name) => table[name]?.only === 'node' && given(options).includes(name))
}

/** The configuration values among the options of `connect`, under openstacksdk's names, without undefined ones. */
export function optionValues(options: CloudOptions): Values {
  const values = new Map<string, Setting>()
  const put = (key: string, value: unknown, name: string) => {
    if (value !== undefined && value !== null) values.set(key, { value, origin: { kind: 'argument', name } })
  }
  for (const [name, { key }] of Object.entries(table)) {
    if (key !== undefined) put(key, options[name as keyof CloudOptions], name)
  }
  for (const [name, value] of Object.entries(options.auth ?? {})) put(`auth.${snakeCase(name)}`, value, `auth.${name}`)
  return values
}

function given(options: object): string[] {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : name))
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
