import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** A fenced block of a page. */
export interface Block {
  /** Relative to the root of the repository. */
  readonly page: string
  readonly language: string
  /** The line of the page on which its text begins, counted from 1. */
  readonly line: number
  readonly text: string
}

/** A command of a `console` block, and the output that the page shows. */
export interface Command {
  readonly text: string
  /** Empty when the page shows none. */
  readonly output: string
}

/** README, `docs/` and the READMEs of all packages. */
export async function pagesOfDocs(): Promise<string[]> {
  const docs = (await readdir(path.join(root, 'docs'), { recursive: true })).filter((name) => name.endsWith('.md'))
  const packages = await readdir(path.join(root, 'packages'), { recursive: false })
  const own = await Promise.all(
    packages.map(async (name) => ({ name, files: await readdir(path.join(root, 'packages', name)) })),
  )
  return [
    'README.md',
    ...docs.map((name) => `docs/${name}`),
    ...own.filter(({ files }) => files.includes('README.md')).map(({ name }) => `packages/${name}/README.md`),
  ].toSorted()
}

export async function blocksOf(page: string): Promise<Block[]> {
  const lines = (await readFile(path.join(root, page), 'utf8')).split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const language = /^ *```(.*)$/.exec(lines[at] ?? '')?.[1]
    if (language === undefined) continue
    const end = lines.findIndex((line, index) => index > at && /^ *```$/.test(line))
    if (end < 0) throw new Error(`${page}:${at + 1}: the block does not end`)
    blocks.push({ page, language: language.trim(), line: at + 2, text: lines.slice(at + 1, end).join('\n') })
    at = end
  }
  return blocks
}

/** The examples in the docstrings of a package: everything between `@example` and the next tag. */
export async function examplesOf(folder: string): Promise<Block[]> {
  const names = await readdir(path.join(root, folder), { recursive: true })
  const sources = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).toSorted()
  const found = await Promise.all(
    sources.map(async (name) => {
      const page = path.posix.join(folder, name)
      return examplesIn(page, await readFile(path.join(root, page), 'utf8'))
    }),
  )
  return found.flat()
}

function examplesIn(page: string, source: string): Block[] {
  const lines = source.split('\n')
  return lines.flatMap((line, at) => {
    if (!/^ *\* @example$/.test(line)) return []
    const end = lines.findIndex((one, index) => index > at && /^ *(\* @|\*\/)/.test(one))
    const text = lines.slice(at + 1, end).map((one) => one.replace(/^ *\* ?/, ''))
    return [{ page, language: 'ts', line: at + 2, text: text.join('\n') }]
  })
}

/** Commands begin with `$ ` and continue on the next line after a backslash; everything else is output. */
export function commandsOf({ page, line, text }: Block): Command[] {
  const commands: { text: string; output: string[] }[] = []
  let goesOn = false
  for (const one of text.split('\n')) {
    const last = commands.at(-1)
    if (one.startsWith('$ ')) commands.push({ text: one.slice(2), output: [] })
    else if (!last) throw new Error(`${page}:${line}: a console block begins with a command, "$ …"`)
    else if (goesOn) last.text += `\n${one}`
    else last.output.push(one)
    goesOn = one.endsWith('\\') && (goesOn || one.startsWith('$ '))
  }
  return commands.map((command) => ({ text: command.text, output: command.output.join('\n').trim() }))
}

/** Whether output matches what a page shows: `…` stands for any text in a line, and alone in a line for any lines. */
export function isShown(shown: string, output: string): boolean {
  const lines = plain(shown).split('\n')
  const pattern = lines
    .map((line) => (line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escaped).join('.*')}\n`))
    .join('')
  return new RegExp(`^${pattern}$`).test(`${plain(output)}\n`)
}

/** Removes what changes from run to run: ports, and the widths of columns. */
function plain(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .join('\n')
    .trim()
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
}
