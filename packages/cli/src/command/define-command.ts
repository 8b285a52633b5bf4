import type { Context } from './context.js'
import type { Columns } from '../output/columns.js'
import type { Result } from '../output/result.js'
import type { OptionSpec, OptionValue } from './option.js'

/** One example in a command's help. */
export interface Example {
  readonly run: string
  readonly does: string
}

/** `<image>` is required, `[project]` is not, `<images...>` takes at least one. */
type ArgumentSyntax = `<${string}>` | `[${string}]`

/** The type of an argument's value, derived from its syntax. */
type ArgumentValue<S> = S extends readonly [infer Syntax, string, ...unknown[]]
  ? Syntax extends `<${string}...>` | `[${string}...]`
    ? readonly string[]
    : Syntax extends `<${string}>`
      ? string
      : string | undefined
  : never

/** `choices` are what the argument may be, if that is known: completion offers them, the command checks them. */
export type ArgumentSpecs = Readonly<
  Record<string, readonly [syntax: ArgumentSyntax, description: string, choices?: readonly string[]]>
>

/** The input of a command: its arguments and options, parsed and validated. */
interface Input<A extends ArgumentSpecs, O extends Readonly<Record<string, unknown>>> {
  readonly args: { readonly [K in keyof A]: ArgumentValue<A[K]> }
  readonly options: { readonly [K in keyof O]: OptionValue<O[K]> }
}

/** A command: everything that parsing, help and running need. It prints nothing itself; it returns what to print. */
export interface CommandSpec<A extends ArgumentSpecs, O extends Readonly<Record<string, unknown>>> {
  readonly summary: string
  readonly description?: string
  readonly examples: readonly Example[]
  /** In the order on the command line. */
  readonly args: A
  /** Keyed by the long flag in camelCase. */
  readonly options: O
  /** The columns of its records, so that `-c` is checked before it runs. */
  readonly columns: Columns
  /** What `-f json` prints: a record unless it says otherwise. */
  readonly prints?: 'record' | 'list' | 'either'
  /** Whether it connects to no cloud, so that the cloud options have no effect. */
  readonly isLocal?: boolean
  /** Refuses combinations before anything is connected. @throws UsageError */
  readonly check?: (input: Input<A, O>) => void
  readonly run: (context: Context, input: Input<A, O>) => Promise<Result>
}

/** A command with its argument and option types erased, as the frame handles it. */
export interface Command {
  readonly summary: string
  readonly description?: string
  readonly examples: readonly Example[]
  readonly args: ArgumentSpecs
  readonly options: Readonly<Record<string, OptionSpec<unknown>>>
  readonly columns: Columns
  /** What `-f json` prints: a record unless it says otherwise. */
  readonly prints?: 'record' | 'list' | 'either'
  readonly isLocal?: boolean
  readonly check?: (input: AnyInput) => void
  readonly run: (context: Context, input: AnyInput) => Promise<Result>
}
interface AnyInput {
  readonly args: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, unknown>>
}

/** Derives the types of a command's input from its description. */
export function defineCommand<const A extends ArgumentSpecs, O extends Readonly<Record<string, unknown>>>(
  spec: CommandSpec<A, O>,
): Command {
  // The frame builds the input from this description, so the erased types match.
  return spec as unknown as Command
}

/** Where a command is loaded from. `path` is what the user types: `['share', 'add']`. */
export interface CommandEntry {
  readonly path: readonly string[]
  readonly summary: string
  readonly load: () => Promise<Command>
}
