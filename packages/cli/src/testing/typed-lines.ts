import { readFile } from 'node:fs/promises'

/** What a user of another client types, what tyrax runs for it, and how it shows. */
interface TypedLine {
  readonly typed: string
  readonly ours: string
  /** What to type to see its effect; without it, its own output counts. */
  readonly probe: string | undefined
  readonly shows: string | undefined
}

/**
 * Typed one after the other against one cloud. `$` is what is typed, `=` what it becomes, `?` shows its effect, `>` is
 * the output.
 */
export async function typedLines(): Promise<TypedLine[]> {
  const text = await readFile(new URL('../../fixtures/typed-lines.txt', import.meta.url), 'utf8')
  return text
    .trim()
    .split(/\n(?=\$ )/)
    .map((block) => {
      const all = (mark: string) =>
        block.split('\n').flatMap((line) => (line.startsWith(`${mark} `) ? [line.slice(2)] : []))
      const shows = all('>')
      return {
        typed: all('$').join(''),
        ours: all('=').join(''),
        probe: all('?')[0],
        shows: shows.length > 0 ? shows.join('\n') : undefined,
      }
    })
}
