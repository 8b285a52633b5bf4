/** What an option of another client becomes. */
export type OptionHabit =
  /**
   * Our options, with `{}` for its value, or `{=}` for `name:value` as `name=value`. `=` is the same option, and an
   * empty text none: it is what tyrax does anyway, or what no command of tyrax needs.
   */
  | string
  /** Its value is an argument of ours. */
  | { readonly arg: string }
  /** By its value. Without one, the first. */
  | { readonly values: Readonly<Record<string, string>> }
  /** Each part of its value, which is separated by commas. */
  | { readonly each: string }
  /** A command of its own: after that of the others, or before one that may be bare. */
  | { readonly also: string }
  /** Another command than without it. */
  | { readonly becomes: string }
  | Refused

/** What tyrax does not take. */
export type Refused =
  /** The command to type instead, which is not always the same thing. */
  | { readonly instead: string; readonly because: string }
  /** There is nothing like it, and why. */
  | { readonly none: string }

/** What a command of another client becomes. */
export interface Habit {
  /**
   * Our command: `share add <image> <project>`. `<images...>` stands for all values, and a line with `<files*>` is run
   * once for each. Of several, it is the first whose arguments were all passed.
   */
  readonly ours: string | Refused | readonly (string | Refused)[]
  /** By the flags of the other client, with the name of its value: `-m, --marker <marker>`. */
  readonly options?: Readonly<Record<string, OptionHabit>>
  /** Names of columns that differ, in lower case and with underscores, and ours. */
  readonly columns?: Readonly<Record<string, string>>
  /** What differs, for the reader of the table. */
  readonly note?: string
  /** Whether our command is left out when nothing but commands of their own was asked of it. */
  readonly mayBeBare?: boolean
}

/** By the words of the other client, with its arguments: `image add project <image> <project>`. */
export type Habits = Readonly<Record<string, Habit>>

export const clients = ['openstack', 'glance', 'swift'] as const
export type Client = (typeof clients)[number]

/** A command of another client, with its words and arguments taken apart. */
export interface KnownHabit extends Habit {
  readonly client: Client
  readonly words: readonly string[]
  readonly args: readonly HabitArgument[]
}

export interface HabitArgument {
  readonly name: string
  readonly isRequired: boolean
  /** It takes all words that are left. */
  readonly isRest: boolean
}

export function known(client: Client, habits: Habits): KnownHabit[] {
  return Object.entries(habits).map(([syntax, habit]) => {
    const parts = syntax.split(' ')
    const first = parts.findIndex((part) => /^[<[]/.test(part))
    const [words, args] = first < 0 ? [parts, []] : [parts.slice(0, first), parts.slice(first)]
    return {
      ...habit,
      client,
      words,
      args: args.map((part) => ({
        name: part.replaceAll(/[<>[\].]/g, ''),
        isRequired: part.startsWith('<'),
        isRest: part.includes('...'),
      })),
    }
  })
}
