import type { Command, CommandEntry, Example } from '../command/define-command.js'

/** What is known about a command before it is typed. */
export interface PageCommand {
  readonly path: readonly string[]
  readonly command: Command
}

/** A page: of one command, or of a group with all of its commands. */
export interface CommandPage {
  /** The first word of its commands. */
  readonly name: string
  readonly summary: string
  readonly isGroup: boolean
  /** Of the group, and of the groups in it. */
  readonly examples: readonly Example[]
  readonly commands: readonly PageCommand[]
}

interface Group {
  readonly summary: string
  readonly examples: readonly Example[]
}

/** One page for each word that may follow `tyrax`, in the order of help. */
export async function commandPages(
  entries: readonly CommandEntry[],
  groups: Readonly<Record<string, Group>>,
): Promise<CommandPage[]> {
  const pages = new Map<string, PageCommand[]>()
  for (const { path, load } of entries) {
    const [name = ''] = path
    pages.set(name, [...(pages.get(name) ?? []), { path, command: await load() }])
  }
  return [...pages].map(([name, commands]) => {
    const group = groups[name]
    const isGroup = commands.some(({ path }) => path.length > 1)
    const summary = (isGroup ? group?.summary : commands[0]?.command.summary) ?? name
    return { name, summary: withoutFullStop(summary), isGroup, examples: group?.examples ?? [], commands }
  })
}

/** The text of help, in which lines are broken for a terminal, as paragraphs. */
export function paragraphsOf({ summary, description }: Command): string[] {
  const text = description ?? `${summary}.`
  return text
    .split('\n\n')
    .map((paragraph) => (isPreformatted(paragraph) ? paragraph : paragraph.replaceAll('\n', ' ')))
}

/** Lines that begin with spaces are a list or a program. */
export const isPreformatted = (paragraph: string): boolean => /^ {2,}/m.test(paragraph)

function withoutFullStop(text: string): string {
  return text.replace(/\.$/, '')
}
