import { refuseSecrets } from './cloud/refuse-secrets.js'
import type { Command } from './command/define-command.js'
import { fromParser } from './command/parser-error.js'
import { parseCommand, type Parsed } from './command/to-commander.js'
import type { GatedSurroundings } from './context.js'
import type { Globals } from './globals.js'
import { openContext } from './open-context.js'
import { checkColumns, checkIds, type Columns } from './output/columns.js'
import { renderAhead } from './output/render-ahead.js'
import { render, type RenderOptions } from './output/render.js'
import type { Result } from './output/result.js'
import { styleFor } from './output/style.js'

/** A command line whose command has been found and loaded. */
interface Invocation {
  readonly argv: readonly string[]
  readonly path: readonly string[]
  /** The arguments without the command's own words. */
  readonly rest: readonly string[]
  readonly command: Command
}

/** Parses, runs, prints; whatever goes wrong is said on stderr. @returns the exit code */
export async function execute(
  { argv, path, rest, command }: Invocation,
  surroundings: GatedSurroundings,
): Promise<number> {
  let globals: Partial<Globals> = {}
  try {
    const sinks = { out: (text: string) => surroundings.stdout.write(text), err: () => {} }
    const parsed = parseCommand(path, command, rest, sinks)
    globals = parsed.options
    return await runCommand(command, parsed, parsed.options as Globals, surroundings)
  } catch (error) {
    const parser = fromParser(error, path)
    if (parser === 'help') return 0
    const { failureExit } = await import('./report-failure.js')
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
  const stopWaiting = renderAhead(formatOf(globals), () => lookOf(command.columns, globals, surroundings))
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

async function print(result: Result, known: Columns, globals: Globals, surroundings: GatedSurroundings): Promise<void> {
  if (result.kind === 'nothing') return
  const { stdout } = surroundings
  const format = formatOf(globals)
  const text = await render(result, format, {
    ...lookOf(known, globals, surroundings),
    columns: globals.column ?? [],
  })
  if (format === 'table') stdout.paint(text)
  else stdout.write(text)
  await stdout.flush()
}

const formatOf = ({ format = 'table' }: Globals) => format

function lookOf(known: Columns, globals: Globals, { stdout, env }: GatedSurroundings): Omit<RenderOptions, 'columns'> {
  return {
    known,
    style: styleFor(stdout, globals.color ?? 'auto', env),
    width: stdout.isTTY ? stdout.columns : undefined,
    isTerminal: stdout.isTTY,
  }
}
