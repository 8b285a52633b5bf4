import { commandEntries } from '../commands/index.js'
import { locate, type Located } from '../command/locate.js'
import type { GatedSurroundings, Surroundings } from '../command/context.js'
import type { CommandEntry } from '../command/define-command.js'
import { openGate } from '../output/gate.js'
import { version, versionJson } from '../version.js'

/**
 * Runs one command line. It neither reads from nor writes to the process itself, so that any number can run in
 * parallel. Everything that `--version` does not need is loaded later.
 * @returns the exit code; see `exit-codes.ts`
 */
export async function runCli(argv: readonly string[], given: Surroundings): Promise<number> {
  const surroundings: GatedSurroundings = Object.create(given, {
    stdout: { value: openGate(() => given.stdout, given.env) },
    stderr: { value: openGate(() => given.stderr, given.env) },
  }) as GatedSurroundings
  const exitCode = await runCommandLine(argv, surroundings)
  const written = await flushOutput(exitCode, argv, surroundings)
  // A failed write to standard error does not change the result.
  await surroundings.stderr.flush().catch(() => undefined)
  return written
}

async function flushOutput(
  exitCode: number,
  argv: readonly string[],
  surroundings: GatedSurroundings,
): Promise<number> {
  try {
    await surroundings.stdout.flush()
    return exitCode
  } catch (error) {
    // An earlier failure takes precedence.
    if (exitCode !== 0) return exitCode
    const { failureExit } = await import('../failure/report.js')
    return failureExit(error, { argv, globals: {}, surroundings })
  }
}

async function runCommandLine(given: readonly string[], surroundings: GatedSurroundings): Promise<number> {
  const isOutputFormat = given[0] === 'schema' && given[1] === '--output-format'
  const argv = isOutputFormat ? ['schema', 'output', ...given.slice(2)] : given
  if (argv[0] === '__complete') {
    const { answerCompletion } = await import('./answer-completion.js')
    return answerCompletion(argv.slice(1), surroundings)
  }
  const located = locate(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv, commandEntries)
  if (!located.entry) return runWithoutCommand(argv, located, surroundings)
  const { path, rest, entry } = located
  return runEntry(argv, { path, rest, entry }, surroundings, async () => {
    const { ownWords } = await import('../habits/retyped.js')
    return runLines(await ownWords(path, rest, commandEntries), surroundings)
  })
}

interface Found {
  readonly path: readonly string[]
  readonly rest: readonly string[]
  readonly entry: CommandEntry
}

async function runEntry(
  argv: readonly string[],
  { path, rest, entry }: Found,
  surroundings: GatedSurroundings,
  asHabit?: () => Promise<number | undefined>,
): Promise<number> {
  surroundings.inside?.enter(path)
  const [{ execute }, command] = await Promise.all([import('./execute.js'), entry.load()])
  return execute({ argv, path, rest, command, ...(asHabit && { asHabit }) }, surroundings)
}

/** Runs command lines of ours one after the other, up to the first that fails. */
async function runLines(
  lines: readonly (readonly string[])[] | undefined,
  surroundings: GatedSurroundings,
): Promise<number | undefined> {
  if (!lines) return undefined
  for (const line of lines) {
    const { path, rest, entry } = locate(line, commandEntries)
    if (!entry) return undefined
    const exitCode = await runEntry(line, { path, rest, entry }, surroundings)
    if (exitCode !== 0) return exitCode
  }
  return 0
}

async function runWithoutCommand(
  argv: readonly string[],
  located: Located,
  surroundings: GatedSurroundings,
): Promise<number> {
  const { path, rest, unknown } = located
  if (path.length === 0 && unknown === undefined && rest.some((word) => word === '--version' || word === '-V')) {
    surroundings.stdout.write(wantsJson(rest) ? versionJson() : `tyrax ${version}\n`)
    return 0
  }
  const { programHelp, refuseWords } = await import('./program.js')
  const { failureExit } = await import('../failure/report.js')
  if (unknown === undefined) {
    if (!rest.includes('--help') && !rest.includes('-h')) {
      return failureExit(refuseWords(located), { argv: rest, globals: {}, surroundings })
    }
    surroundings.stdout.write(programHelp(path))
    return 0
  }
  try {
    const { byWords, helpOfWords } = await import('../habits/retyped.js')
    const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv
    const help = helpOfWords(words)
    if (help !== undefined) {
      surroundings.stdout.write(help)
      return 0
    }
    const exitCode = await runLines(await byWords(words, commandEntries), surroundings)
    if (exitCode !== undefined) return exitCode
    throw refuseWords(located)
  } catch (error) {
    return failureExit(error, { argv, globals: {}, surroundings })
  }
}

function wantsJson(words: readonly string[]): boolean {
  return words.includes('--json') || /(^| )(-f|--format)[ =]?json( |$)/.test(words.join(' '))
}
