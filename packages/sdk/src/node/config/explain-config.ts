import { accessSync, constants } from 'node:fs'
import type { Origin, Setting } from '../../config/values.js'
import { type ConfigOptions, type ResolvedConfig, resolveConfig } from './resolve-config.js'
import { candidates, type ConfigContext, type FileKind, processContext } from './search-path.js'

/** A value of the configuration, and others for the same setting that it takes precedence over. */
export interface ExplainedSetting extends ExplainedValue {
  readonly key: string
  readonly overrode: readonly ExplainedValue[]
}

/** A value and where it is written. */
export interface ExplainedValue {
  readonly value: unknown
  readonly origin: Origin
  /** In the file of its origin. */
  readonly line?: number | undefined
}

/** A place where a configuration file is looked for. */
export interface ExplainedFile {
  readonly kind: FileKind
  readonly path: string
  /** `ignored`: it is there, but an earlier one is used, or none of its kind is needed. */
  readonly state: 'used' | 'ignored' | 'not found' | 'not readable'
}

/** How a configuration came about. */
export interface ConfigExplanation {
  /** Undefined when it cannot be resolved: `error` tells why. */
  readonly config: ResolvedConfig | undefined
  readonly error: unknown
  readonly settings: readonly ExplainedSetting[]
  readonly files: readonly ExplainedFile[]
}

/** Resolves the configuration and tells for every value where it came from and what it overrode. */
export async function explainConfig(
  options: ConfigOptions = {},
  context: ConfigContext = processContext(),
): Promise<ConfigExplanation> {
  try {
    const config = await resolveConfig(options, context)
    const settings = await explainSettings(config)
    return { config, error: undefined, settings, files: explainFiles(context, filesIn(config)) }
  } catch (error) {
    return { config: undefined, error, settings: [], files: explainFiles(context, undefined) }
  }
}

async function explainSettings({ values, layers }: ResolvedConfig): Promise<ExplainedSetting[]> {
  // It loads the parser of YAML, which a configuration without files does not need.
  const { settingLines } = await import('./setting-lines.js')
  const from = layers()
  const linesOf = new Map<string, Promise<(keyPath: string) => number | undefined>>()
  const explained = async ({ value, origin }: Setting): Promise<ExplainedValue> => {
    if (origin.kind !== 'file') return { value, origin }
    const lines = linesOf.get(origin.file) ?? settingLines(origin.file)
    linesOf.set(origin.file, lines)
    return { value, origin, line: (await lines)(origin.key) }
  }
  return Promise.all(
    [...values].map(async ([key, setting]) => {
      const others = from
        .flatMap((layer) => layer.get(key) ?? [])
        .filter(({ origin }) => !isSame(origin, setting.origin))
        .toReversed()
      return { key, ...(await explained(setting)), overrode: await Promise.all(others.map(explained)) }
    }),
  )
}

function isSame(one: Origin, other: Origin): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function filesIn({ files, layers }: ResolvedConfig): ReadonlySet<string> {
  const origins = layers().flatMap((layer) => [...layer.values()].map(({ origin }) => origin))
  return new Set([...files, ...origins.flatMap((origin) => (origin.kind === 'file' ? origin.file : []))])
}

const kinds: readonly FileKind[] = ['clouds', 'secure', 'clouds-public']

/** Without the files in use, the first of its kind that is there counts as used. */
function explainFiles(context: ConfigContext, used: ReadonlySet<string> | undefined): ExplainedFile[] {
  return kinds.flatMap((kind) => {
    let isFound = false
    return candidates(kind, context).map((path): ExplainedFile => {
      const state = stateOf(path)
      if (state !== 'there') return { kind, path, state }
      const isUsed = used ? used.has(path) : !isFound && kind !== 'clouds-public'
      isFound = true
      return { kind, path, state: isUsed ? 'used' : 'ignored' }
    })
  })
}

function stateOf(path: string): 'there' | 'not found' | 'not readable' {
  try {
    accessSync(path, constants.R_OK)
    return 'there'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EACCES' || code === 'EPERM' ? 'not readable' : 'not found'
  }
}
