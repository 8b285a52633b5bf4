import { commandEntries } from '../commands/index.js'
import { locate, type Located } from '../command/locate.js'
import type { GatedSurroundings, Surroundings } from '../command/context.js'
import { openGate } from '../output/gate.js'
import { version, versionJson } from '../version.js'

/**
 * Runs one command line. It neither reads from nor writes to the process itself, so that any number can run in
 * parallel. Everything that `--version` does not need is loaded later.
 * @returns the exit code; see `exit-codes.ts`
 */
export async function runCli(argv: readonly string[], given: Surroundings): Promise<number> {
  const surroundings: GatedSurroundings = Object.create(given, {
    stdout: { value: openGate(() => given.stdout) },
    stderr: { value: openGate(() => given.stderr) },
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

async function runCommandLine(argv: readonly string[], surroundings: GatedSurroundings): Promise<number> {
  const located = locate(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv, commandEntries)
  if (!located.entry) return runWithoutCommand(located, surroundings)
  const [{ execute }, command] = await Promise.all([import('./execute.js'), located.entry.load()])
  return execute({ argv, path: located.path, rest: located.rest, command }, surroundings)
}

async function runWithoutCommand(located: Located, surroundings: GatedSurroundings): Promise<number> {
  const { path, rest, unknown } = located
  if (path.length === 0 && unknown === undefined && rest.some((word) => word === '--version' || word === '-V')) {
    surroundings.stdout.write(wantsJson(rest) ? versionJson() : `tyrax ${version}\n`)
    return 0
  }
  const { programHelp, refuseWords } = await import('./program.js')
  if (unknown === undefined && (rest.includes('--help') || rest.includes('-h'))) {
    surroundings.stdout.write(programHelp(path))
    return 0
  }
  const { failureExit } = await import('../failure/report.js')
  return failureExit(refuseWords(located), { argv: rest, globals: {}, surroundings })
}

function wantsJson(words: readonly string[]): boolean {
  return words.includes('--json') || /(^| )(-f|--format)[ =]?json( |$)/.test(words.join(' '))
}
