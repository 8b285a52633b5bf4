/** Values by the names of the arguments and options that they were passed as. */
export type Values = ReadonlyMap<string, readonly string[]>

const placeholder = /<([a-z_]+)(\.\.\.|\*)?>/g

/** Whether all of its arguments were passed. */
export function isComplete(template: string, values: Values): boolean {
  return [...template.matchAll(placeholder)].every(([, name = '']) => (values.get(name) ?? []).length > 0)
}

/** The names of its arguments, in order. */
export const argumentsIn = (template: string): string[] =>
  [...template.matchAll(placeholder)].map(([, name = '']) => name)

/** The words of our command, without arguments and options. */
export const commandOf = (template: string): string[] => {
  const words = template.split(' ')
  const end = words.findIndex((word) => /^-|</.test(word))
  return end < 0 ? words : words.slice(0, end)
}

/** A command line of ours, with options before arguments, so that no argument is taken for an option. */
export interface Line {
  readonly command: readonly string[]
  readonly options: readonly string[]
  readonly args: readonly string[]
}

/** Fills in a template: one line, or one for each value of an argument with a star. */
export function fill(template: string, values: Values): Line[] {
  const repeated = [...template.matchAll(placeholder)].find(([, , how]) => how === '*')?.[1]
  if (repeated === undefined) return [line(template, values)]
  return (values.get(repeated) ?? []).map((value) => line(template, new Map([...values, [repeated, [value]]])))
}

function line(template: string, values: Values): Line {
  const command = commandOf(template)
  const rest = template.split(' ').slice(command.length)
  const isOption = (word: string) => word.startsWith('-')
  return {
    command,
    options: rest.filter(isOption).flatMap((word) => filledWord(word, values)),
    args: rest.filter((word) => !isOption(word)).flatMap((word) => filledWord(word, values)),
  }
}

/** `<container>/<objects...>` is one word for each object. */
function filledWord(word: string, values: Values): string[] {
  const [all, name = ''] = /<([a-z_]+)\.\.\.>/.exec(word) ?? []
  const one = (text: string) => text.replaceAll(placeholder, (_, key: string) => values.get(key)?.[0] ?? '')
  if (all === undefined) return [one(word)]
  return (values.get(name) ?? []).map((value) => one(word.replace(all, () => '\0')).replace('\0', () => value))
}

/** The words to run. */
export function wordsOf({ command, options, args }: Line): string[] {
  const isMisleading = args.some((word) => word.startsWith('-') && word !== '-')
  return [...command, ...options, ...(isMisleading ? ['--'] : []), ...args]
}

/** Our options for one of another client: `--property {}` with its value. */
export function filledOptions(template: string, value: string): string[] {
  const text = (word: string) => word.replaceAll('{}', () => value).replaceAll('{=}', () => value.replace(':', '='))
  const words = template.split(' ').filter((word) => word !== '')
  // A value that begins with a hyphen would be taken for an option.
  return words.flatMap((word, at) => {
    const next = words[at + 1]
    if (word.startsWith('--') && next !== undefined && !next.startsWith('-')) return [`${word}=${text(next)}`]
    if (!word.startsWith('-') && words[at - 1]?.startsWith('--')) return []
    return [text(word)]
  })
}

/** A template as text for a shell: what is not known is in capitals. */
export function shownLine(template: string, values: Values, value = 'VALUE'): string {
  const filled = template.replaceAll(/\{=?\}|<([a-z_]+)(?:\.\.\.|\*)?>/g, (hole, name?: string) => {
    if (name !== undefined) return (values.get(name) ?? []).map(quoted).join(' ') || name.toUpperCase()
    return quoted(hole === '{=}' ? value.replace(':', '=') : value)
  })
  return `tyrax ${filled}`.replaceAll('&& ', '&& tyrax ')
}

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
