import { commandEntries } from './commands/index.js'
import { locate, type Located } from './command/locate.js'
import type { Command } from './command/define-command.js'
import type { Surroundings } from './context.js'
import type { Globals } from './globals.js'
import type { Result } from './output/result.js'
import { version, versionJson } from './version.js'

/**
 * Runs one command line. Nothing is read from or written to the process itself, so any number can run side by side.
 * @returns the exit code; see `exit-codes.ts`
 */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const located = locate(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv, commandEntries)
  if (!located.entry) return runWithoutCommand(located, surroundings)
  const command = await located.entry.load()
  const { parseCommand } = await import('./command/to-commander.js')
  let globals: Partial<Globals> = {}
  try {
    const sinks = { out: (text: string) => surroundings.stdout.write(text), err: () => {} }
    const { options, args } = parseCommand(located.path, command, located.rest, sinks)
    globals = options
    return await runCommand(command, { options, args }, options as Globals, surroundings)
  } catch (error) {
    return await reportFailure(error, { argv, globals, path: located.path, surroundings })
  }
}

async function runCommand(
  command: Command,
  input: { options: Readonly<Record<string, unknown>>; args: Readonly<Record<string, unknown>> },
  globals: Globals,
  surroundings: Surroundings,
): Promise<number> {
  const { refuseSecrets } = await import('./cloud/refuse-secrets.js')
  refuseSecrets(globals)
  command.check?.(input)
  const { openContext } = await import('./open-context.js')
  const opened = openContext(globals, surroundings)
  try {
    const result = await command.run(opened.context, input)
    await print(result, globals, surroundings)
    return result.exitCode ?? 0
  } catch (error) {
    throw opened.explain(error)
  } finally {
    await opened.close()
  }
}

async function print(result: Result, globals: Globals, { stdout, env }: Surroundings): Promise<void> {
  if (result.kind === 'nothing') return
  const [{ render }, { styleFor }] = await Promise.all([import('./output/render.js'), import('./output/style.js')])
  const text = await render(result, globals.format ?? 'table', {
    columns: globals.column ?? [],
    style: styleFor(stdout, globals.color ?? 'auto', env),
    width: stdout.isTTY ? stdout.columns : undefined,
  })
  await new Promise<void>((resolve, reject) => {
    stdout.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

async function reportFailure(
  error: unknown,
  failed: {
    argv: readonly string[]
    globals: Partial<Globals>
    path: readonly string[]
    surroundings: Surroundings
  },
): Promise<number> {
  const { fromParser } = await import('./command/parser-error.js')
  const parser = fromParser(error, failed.path)
  if (parser === 'help') return 0
  const { failureExit } = await import('./report-failure.js')
  return failureExit(parser ?? error, failed)
}

async function runWithoutCommand(located: Located, surroundings: Surroundings): Promise<number> {
  const { path, rest, unknown } = located
  if (path.length === 0 && unknown === undefined && rest.some((word) => word === '--version' || word === '-V')) {
    const asJson = rest.includes('--json') || rest.join(' ').match(/(^| )(-f|--format)[ =]json( |$)/)
    surroundings.stdout.write(asJson ? versionJson() : `tyrax ${version}\n`)
    return 0
  }
  const { programHelp, refuseWords } = await import('./command/program.js')
  const isHelp = rest.includes('--help') || rest.includes('-h')
  if (unknown === undefined && isHelp) {
    surroundings.stdout.write(programHelp(path))
    return 0
  }
  const { failureExit } = await import('./report-failure.js')
  return failureExit(refuseWords(located), { argv: rest, globals: {}, surroundings })
}
