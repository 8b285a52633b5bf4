import { authMethods } from '../../auth/methods/index.js'
import type { CloudOptions } from '../../config/connect-options.js'
import { defaultValues } from '../../config/explicit-settings.js'
import { canonicalNames } from '../../config/canonical-names.js'
import { optionValues } from '../../config/option-table.js'
import { mergeValues, type Values } from '../../config/values.js'
import { ConfigError, NotConfiguredError } from '../../errors/config-errors.js'
import { allMentioned, connectionValues, describesCloud, envValues, mentionsCloud, secretValues } from './env-values.js'
import { entryValues, mapping } from './file-values.js'
import { withAuthorities } from './authorities.js'
import { loadFirst, type LoadedFile } from './load-file.js'
import { marksOf, withMarks } from './marks.js'
import { withRegion } from './regions.js'
import { candidates, processContext, type ConfigContext } from './search-path.js'

/** The options of `connect` that choose a cloud. */
export interface ConfigOptions extends CloudOptions {
  /** An entry of clouds.yaml. @default OS_CLOUD, else the cloud of the `OS_*` variables, else the only entry */
  readonly cloud?: string | undefined
  readonly cacert?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
  readonly insecure?: boolean | undefined
  readonly verify?: boolean | undefined
}

/** A configuration with the origin of every value, not yet validated. */
export interface ResolvedConfig {
  /** The entry of clouds.yaml; undefined when the environment or the options alone describe the cloud. */
  readonly cloud: string | undefined
  readonly values: Values
  /** Where values may come from, with those that others take precedence over; a later one takes precedence. */
  readonly layers: () => readonly Values[]
  /** The files that were read. */
  readonly files: readonly string[]
  /** Where the configuration was looked for, for messages. */
  readonly searched: readonly string[]
  /** Problems with files that are used nevertheless; `connect` reports them through the logger. */
  readonly warnings: readonly string[]
}

/**
 * Finds the configuration as openstacksdk does: a named cloud of clouds.yaml, based on its profile in
 * clouds-public.yaml and completed by secure.yaml; or the cloud that the `OS_*` variables describe; options take
 * precedence over both. Options that contain an auth URL (or an endpoint without Keystone) and no cloud are used alone:
 * no files or variables are added.
 * For a cloud of a file, variables only configure how to reach it (region, interface, certificates) and supply a secret
 * that the files omit.
 * @throws NotConfiguredError when nothing configures a cloud
 * @throws ConfigError for files that cannot be used or belong to another user, and for a cloud that they do not contain
 */
export async function resolveConfig(
  options: ConfigOptions = {},
  context: ConfigContext = processContext(),
): Promise<ResolvedConfig> {
  const given = canonicalNames(optionValues(options))
  try {
    const config = await find(options, given, context)
    // Mistakes in these values have an effect only later, in errors that would not mention them.
    const late = [...config.values].filter(([key]) => /region_name$|endpoint/.test(key)).map(([, setting]) => setting)
    const values = withAuthorities(config.values, context.env)
    return { ...config, values, warnings: [...config.warnings, ...marksOf(late)] }
  } catch (error) {
    throw withMarks(error, [...allMentioned(context.env), ...given.values()])
  }
}

async function find(options: ConfigOptions, given: Values, context: ConfigContext): Promise<ResolvedConfig> {
  const { env } = context
  if (options.cloud === undefined && standsAlone(given)) {
    const layers = [defaultValues, given]
    return {
      cloud: undefined,
      values: mergeValues(...layers),
      layers: () => layers,
      files: [],
      searched: [],
      warnings: [],
    }
  }
  const named = options.cloud ?? (env['OS_CLOUD'] || undefined)
  if (named === undefined && describesCloud(env)) return fromEnvironment(context, given)

  const files = await loadFiles(context)
  const searched = [files.path ?? `${candidates('clouds', context).join(', ')} (none of them is there)`]
  const cloud = named ?? onlyCloud(files, context, given)
  const entry = files.clouds.get(cloud)
  if (!entry) throw unknownCloud(cloud, files, searched)
  const profile = await profileValues(entry, cloud, context)
  const base = mergeValues(defaultValues, profile.values, entry)
  const asked = given.get('region_name') ?? connectionValues(env).get('region_name')
  const own = canonicalNames(mergeValues(withRegion(base, asked), withoutRegion(connectionValues(env))))
  const values = mergeValues(canonicalNames(secretValues(env)), own, given)
  const warnings = [...files.warnings, ...profile.warnings]
  const layers = () =>
    [
      secretValues(env),
      defaultValues,
      profile.values,
      ...(files.layers.get(cloud) ?? []),
      connectionValues(env),
      given,
    ].map(canonicalNames)
  return { cloud, values: onlyNeededSecrets(values, own), layers, files: files.paths, searched, warnings }
}

/** The entries of clouds.yaml and secure.yaml. @throws ConfigError for files that cannot be used */
export async function cloudNames(context: ConfigContext): Promise<readonly string[]> {
  return [...(await loadFiles(context)).clouds.keys()]
}

function standsAlone(given: Values): boolean {
  return given.has('auth.auth_url') || given.has('auth.endpoint')
}

async function fromEnvironment(context: ConfigContext, given: Values): Promise<ResolvedConfig> {
  const profile = await profileValues(envValues(context.env), 'envvars', context)
  const layers = [defaultValues, profile.values, envValues(context.env), given]
  const values = canonicalNames(mergeValues(...layers))
  return {
    cloud: undefined,
    values,
    layers: () => layers.map(canonicalNames),
    files: [],
    searched: ['the OS_* variables'],
    warnings: profile.warnings,
  }
}

interface Files {
  readonly path: string | undefined
  readonly paths: readonly string[]
  readonly unreadable: readonly string[]
  readonly warnings: readonly string[]
  readonly clouds: ReadonlyMap<string, Values>
  /** The entry of each file. */
  readonly layers: ReadonlyMap<string, readonly Values[]>
}

async function loadFiles(context: ConfigContext): Promise<Files> {
  const clouds = await loadFirst('clouds', context)
  const secure = await loadFirst('secure', context)
  const layers = new Map<string, readonly Values[]>()
  for (const file of [clouds.file, secure.file]) {
    for (const [name, values] of file ? cloudsOf(file) : []) layers.set(name, [...(layers.get(name) ?? []), values])
  }
  return {
    path: clouds.file?.path,
    paths: [clouds.file, secure.file].flatMap((file) => file?.path ?? []),
    unreadable: [...clouds.unreadable, ...secure.unreadable],
    warnings: [...clouds.warnings, ...secure.warnings],
    clouds: new Map([...layers].map(([name, entries]) => [name, mergeValues(...entries)])),
    layers,
  }
}

function cloudsOf(file: LoadedFile): [string, Values][] {
  const clouds = mapping(file.data['clouds'], `clouds in ${file.path}`) ?? {}
  return Object.entries(clouds).map(([name, entry]) => {
    const at = `clouds.${name}`
    return [name, entryValues(mapping(entry, `${at} in ${file.path}`) ?? {}, file.path, at)]
  })
}

interface Profile {
  readonly values: Values
  readonly warnings: readonly string[]
}

/** `profile` (formerly `cloud`) names an entry of clouds-public.yaml. */
async function profileValues(entry: Values, cloud: string, context: ConfigContext): Promise<Profile> {
  const setting = entry.get('profile') ?? entry.get('cloud')
  const profile = typeof setting?.value === 'string' ? setting.value : undefined
  if (!profile) return { values: new Map(), warnings: [] }
  const { file, warnings } = await loadFirst('clouds-public', context)
  const profiles = file && mapping(file.data['public-clouds'], `public-clouds in ${file.path}`)
  const found = profiles && mapping(profiles[profile], `public-clouds.${profile} in ${file.path}`)
  if (found) return { values: entryValues(found, file.path, `public-clouds.${profile}`), warnings }
  throw new ConfigError(`the profile ${profile} of the cloud ${cloud} is not known`, {
    hint: file
      ? `${file.path} has ${Object.keys(profiles ?? {}).join(', ')}`
      : `there is no clouds-public.yaml; looked for ${candidates('clouds-public', context).join(', ')}`,
  })
}

function onlyCloud(files: Files, context: ConfigContext, given: Values): string {
  const names = [...files.clouds.keys()]
  const [name] = names
  if (name !== undefined && names.length === 1) return name
  if (names.length > 1) {
    throw new ConfigError(`${files.path} has several clouds and none is chosen`, {
      hint: `choose one with cloud (--os-cloud) or OS_CLOUD: ${names.join(', ')}`,
    })
  }
  const where = candidates('clouds', context)
  const half = mentionsCloud(context.env) || given.size > 0 || files.paths.length > 0 || files.unreadable.length > 0
  if (!half) {
    throw new NotConfiguredError(
      `no cloud is configured: no clouds.yaml, no OS_* variables; looked for ${where.join(', ')}`,
      {
        hint: 'write a clouds.yaml, set OS_AUTH_URL and the other OS_* variables, or pass auth to connect()',
      },
    )
  }
  throw halfConfigured(files, context, given, where)
}

function halfConfigured(files: Files, context: ConfigContext, given: Values, where: readonly string[]): ConfigError {
  const set = [
    ...Object.keys(context.env).filter((name) => mentionsCloud({ [name]: context.env[name] })),
    ...given.keys(),
  ]
  const said =
    set.length > 0 ? `${set.join(', ')} alone describes no cloud` : `${files.paths.join(' and ')} has no clouds`
  const unreadable = files.unreadable.length > 0 ? `; not readable: ${files.unreadable.join(', ')}` : ''
  return new ConfigError(`the configuration is incomplete: ${said}${unreadable}`, {
    hint: `auth_url is missing: set OS_AUTH_URL and the other OS_* variables, or write a clouds.yaml; looked for ${where.join(', ')}`,
  })
}

function unknownCloud(cloud: string, files: Files, searched: readonly string[]): ConfigError {
  const names = [...files.clouds.keys()]
  const unreadable = files.unreadable.length > 0 ? `; not readable: ${files.unreadable.join(', ')}` : ''
  return new ConfigError(`the cloud ${cloud} is not configured; looked in ${searched.join(', ')}${unreadable}`, {
    hint: names.length > 0 ? `the configured clouds are ${names.join(', ')}` : 'write a clouds.yaml with it',
  })
}

function withoutRegion(values: Values): Values {
  return new Map([...values].filter(([key]) => key !== 'region_name'))
}

/**
 * A secret from the environment completes a cloud that needs one, but never changes how a cloud logs in. A secret that
 * is entered for every login is therefore used only for clouds with an explicit auth type.
 */
function onlyNeededSecrets(values: Values, own: Values): Values {
  const isNamed = (own.get('auth_type')?.origin.kind ?? 'default') !== 'default'
  const wants = (key: string) =>
    authMethods
      .flatMap(({ secrets }) => secrets)
      .some(
        (secret) =>
          key === `auth.${secret.key}` &&
          secret.with.some((each) => own.has(`auth.${each}`)) &&
          (isNamed || !secret.isOneTime),
      )
  return new Map([...values].filter(([key, { origin }]) => origin.kind !== 'env' || own.has(key) || wants(key)))
}
