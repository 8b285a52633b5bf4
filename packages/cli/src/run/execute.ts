import { refuseSecrets } from '../cloud/connect-options.js'
import type { GatedSurroundings } from '../command/context.js'
import type { Command } from '../command/define-command.js'
import type { Globals } from '../command/globals.js'
import { fromParser, parseCommand, type Parsed } from '../command/parse.js'
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
}

/** Parses, runs and prints; any error is reported on stderr. @returns the exit code */
export async function execute(
  { argv, path, rest, command }: Invocation,
  surroundings: GatedSurroundings,
): Promise<number> {
  let globals: Partial<Globals> = {}
  try {
    const sinks = { out: (text: string) => surroundings.stdout.write(text), err: () => {} }
    const parsed = parseCommand(path, command, rest, sinks)
    globals = parsed.globals
    return await runCommand(command, parsed, parsed.globals as Globals, surroundings)
  } catch (error) {
    const parser = fromParser(error, path)
    if (parser === 'help') return 0
    const { failureExit } = await import('../failure/report.js')
    return failureExit(parser ?? error, { argv, globals, surroundings })
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
  checkColumns(command.columns, globals.column ?? [], Object.keys(input.options['property'] ?? {}))
  if (globals.format === 'id') checkIds(command.columns)
  const opened = openContext(globals, surroundings)
  const stopWaiting = renderAhead(command.columns, globals, surroundings)
  try {
    const result = await command.run(opened.context, input)
    await print(result, command.columns, globals, surroundings)
    return result.exitCode ?? 0
  } catch (error) {
    throw opened.explain(error)
  } finally {
    stopWaiting()
    await opened.close()
  }
}
