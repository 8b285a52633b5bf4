import { refuseSecrets } from '../cloud/connect-options.js'
import type { GatedSurroundings } from '../command/context.js'
import type { Command } from '../command/define-command.js'
import type { Globals } from '../command/globals.js'
import type { Parsed } from '../command/commander.js'
import { parseCommand } from '../command/parse.js'
import { checkColumns, checkIds } from '../output/columns.js'
import { openContext } from './open-context.js'
import { print, renderAhead } from './print.js'

/** A command line whose command has been located and loaded. */
interface Invocation {
  readonly argv: readonly string[]
  readonly path: readonly string[]
  /** The arguments without the command's own words. */
  readonly rest: readonly string[]
  readonly command: Command
  /**
   * Runs the command line as one of another client, when there are words in it that the command does not have.
   * @returns the exit code; undefined when it is no such command line either
   */
  readonly asHabit?: () => Promise<number | undefined>
}

/** Parses, runs and prints; any error is reported on stderr. @returns the exit code */
export async function execute(
  { argv, path, rest, command, asHabit }: Invocation,
  surroundings: GatedSurroundings,
): Promise<number> {
  let globals: Partial<Globals> = {}
  try {
    const sinks = { out: (text: string) => surroundings.stdout.write(text), err: () => {} }
    const parsed = await parseCommand(path, command, rest, sinks)
    globals = parsed.globals
    return await runCommand(command, parsed, parsed.globals as Globals, surroundings)
  } catch (error) {
    const { fromParser, isUnknownWord } = await import('../command/commander.js')
    const parser = fromParser(error, path)
    if (parser === 'help') return 0
    const { failureExit } = await import('../failure/report.js')
    const fail = (reason: unknown) => failureExit(reason, { argv, globals, surroundings })
    if (!asHabit || !isUnknownWord(error)) return fail(parser ?? error)
    try {
      return (await asHabit()) ?? fail(parser ?? error)
    } catch (advice) {
      return fail(advice)
    }
  }
}

async function runCommand(
  command: Command,
  input: Parsed,
  globals: Globals,
  surroundings: GatedSurroundings,
): Promise<number> {
  refuseSecrets(globals)
  command.check?.(input)
  const { column = [], sortColumn = [] } = globals
  checkColumns(command.columns, [...column, ...sortColumn], Object.keys(input.options['property'] ?? {}))
  if (globals.format === 'id') checkIds(command.columns)
  const opened = openContext(globals, surroundings)
  let failure: unknown
  // The process of the embedded cloud has it loaded.
  const stopWaiting = surroundings.inside ? undefined : renderAhead(command.columns, globals, surroundings)
  try {
    const result = await command.run(opened.context, input)
    await print(result, command.columns, globals, surroundings)
    if (result.failure) throw result.failure
    return result.exitCode ?? 0
  } catch (error) {
    failure = opened.explain(error)
    throw failure
  } finally {
    stopWaiting?.()
    await opened.close(failure)
  }
}
