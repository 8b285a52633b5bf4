import { UsageError } from '@tyrax/sdk'

/** One option of a command: its syntax, and how its text becomes a value. */
export interface OptionSpec<T> {
  /** In commander's syntax: `-f, --format <name>`. */
  readonly flags: string
  readonly description: string
  /** Adds `--no-…`, so that the option can be on, off or absent. */
  readonly negatable?: boolean
  /** The only values that it takes. */
  readonly choices?: readonly string[]
  /** Values that completion offers, where others are taken, too. */
  readonly known?: readonly string[]
  /** Called for each occurrence, with the value of the earlier ones. Absent: a flag. */
  parse?(text: string, earlier: T | undefined): T
  readonly hidden?: boolean
}

/** The value of an option as a command sees it: undefined when it is absent. */
export type OptionValue<S> = S extends OptionSpec<infer T> ? T | undefined : never

/** Creates options of every kind that commands need. */
export const option = {
  flag(flags: string, description: string): OptionSpec<boolean> {
    return { flags, description }
  },
  /** A flag with its opposite: `--protected`, `--no-protected`. */
  toggle(flags: string, description: string): OptionSpec<boolean> {
    return { flags, description, negatable: true }
  },
  /** @param known values that completion offers; others are taken, too */
  text(flags: string, description: string, known?: readonly string[]): OptionSpec<string> {
    return { flags, description, ...(known && { known }), parse: (text) => text }
  },
  texts(flags: string, description: string, known?: readonly string[]): OptionSpec<readonly string[]> {
    return { flags, description, ...(known && { known }), parse: (text, earlier = []) => [...earlier, text] }
  },
  choice<const C extends string>(flags: string, description: string, choices: readonly C[]): OptionSpec<C> {
    return { flags, description, choices, parse: (text) => text as C }
  },
  /** A whole number within bounds. */
  integer(flags: string, description: string, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}): OptionSpec<number> {
    const parse = (text: string) => {
      const value = Number(text)
      if (!/^[+-]?\d+$/.test(text) || value < min || value > max) {
        const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
        throw new UsageError(`${longFlag(flags)} takes a whole number ${range}, not ${JSON.stringify(text)}`)
      }
      return value
    }
    return { flags, description, parse }
  },
  /** `KEY=VALUE`, repeatable; the value may be empty and may hold `=`. */
  pairs(flags: string, description: string): OptionSpec<Readonly<Record<string, string>>> {
    const parse = (text: string, earlier: Readonly<Record<string, string>> = {}) => {
      const at = text.indexOf('=')
      if (at < 1) {
        throw new UsageError(`${longFlag(flags)} takes KEY=VALUE, not ${JSON.stringify(text)}`, {
          hint: 'for an empty value, end with the equals sign: KEY=',
        })
      }
      return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) }
    }
    return { flags, description, parse }
  },
  /** A duration such as `30s`, `10m`, `2h`, or bare seconds; 0 means none. The value is in milliseconds. */
  duration(flags: string, description: string): OptionSpec<number> {
    const parse = (text: string) => {
      const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text)
      const unit = durationUnits[match?.[2] ?? 's']
      if (!match || unit === undefined) {
        throw new UsageError(`${longFlag(flags)} takes a duration such as 30s, 10m or 2h, not ${JSON.stringify(text)}`)
      }
      return Number(match[1]) * unit
    }
    return { flags, description, parse }
  },
  /** Bytes per second, in the same notation as sizes. */
  rate(flags: string, description: string): OptionSpec<number> {
    return { flags, description, parse: (text) => parseSize(text, { flags, what: 'bytes per second', least: 1 }) }
  },
  /** A number of bytes: `500M`, `1G`, `1.5GiB`, or a bare number. */
  size(flags: string, description: string, { least = 1 } = {}): OptionSpec<number> {
    return { flags, description, parse: (text) => parseSize(text, { flags, what: 'a size in bytes', least }) }
  },
  /**
   * A size that the service counts in its own unit: bare numbers are in that unit, sizes with a suffix are converted.
   */
  sizeIn(flags: string, unit: 'MiB' | 'GiB', description: string): OptionSpec<number> {
    const bytes = unit === 'MiB' ? 2 ** 20 : 2 ** 30
    const parse = (text: string) => {
      const value = /^\d+$/.test(text) ? Number(text) : (sizeOf(/[a-z]/i.test(text) ? text : '') ?? -1) / bytes
      if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) return value
      throw new UsageError(
        `${longFlag(flags)} takes a whole number of ${unit} below ${2 ** 31}, or a size such as 10G, not ${JSON.stringify(text)}`,
      )
    }
    return { flags, description, parse }
  },
} as const

const sizeUnits: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 }

/** `500k`, `10M`, `1.5GiB` (powers of 1024, as in curl), or a bare number; `10MB` could mean powers of 1000. */
export function sizeOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:([kmgt])(?:ib)?)?$/i.exec(text)
  const value = Math.floor(Number(match?.[1]) * (sizeUnits[match?.[2]?.toLowerCase() ?? ''] ?? 1))
  return Number.isSafeInteger(value) ? value : undefined
}

function parseSize(
  text: string,
  { flags, what, least }: { readonly flags: string; readonly what: string; readonly least: number },
): number {
  const value = sizeOf(text)
  if (value !== undefined && value >= least) return value
  throw new UsageError(`${longFlag(flags)} takes ${what} such as 500k, 10M or 1G, not ${JSON.stringify(text)}`)
}

const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `--min-disk` from `--min-disk <gib>`. */
function longFlag(flags: string): string {
  return /--[a-z0-9-]+/.exec(flags)?.[0] ?? flags
}

/** The type of an object without the options that are absent. */
export type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Omits absent options, so that the defaults of the SDK and the server apply. */
export function withoutUndefined<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
}
