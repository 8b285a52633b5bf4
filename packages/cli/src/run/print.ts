import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { GatedSurroundings } from '../command/context.js'
import type { Globals } from '../command/globals.js'
import type { Columns } from '../output/columns.js'
import { render, type RenderOptions } from '../output/render.js'
import { list, type Result } from '../output/result.js'
import { styleFor } from '../output/style.js'

/** Prints what a command returned, in the requested format. */
export async function print(
  result: Result,
  known: Columns,
  globals: Globals,
  surroundings: GatedSurroundings,
): Promise<void> {
  if (result.kind === 'nothing') return
  const { stdout } = surroundings
  if (result.kind === 'text') {
    stdout.write(result.text)
    return stdout.flush()
  }
  const format = formatOf(globals)
  const sorted = globals.sortColumn ? (await import('../output/sort.js')).sortRows(result, globals) : result
  let omitted: readonly string[] = []
  const text = await render(sorted, format, {
    ...lookOf(known, globals, surroundings),
    columns: globals.column ?? [],
    onOmitted: (columns) => (omitted = columns),
  })
  if (format === 'table') stdout.paint(text)
  else stdout.write(text)
  await stdout.flush()
  if (omitted.length > 0 && !globals.quiet) surroundings.stderr.write(noRoom(omitted, surroundings.stderr.columns))
}

/** Which columns a table leaves out, in one row of the terminal. */
function noRoom(columns: readonly string[], width = Number.POSITIVE_INFINITY): string {
  const named = `no room for ${columns.join(', ')}`
  return `${named.length < width ? named : `no room for ${columns.length} more columns`}\n`
}

/** The channel on which undici announces a request that it is about to write. */
const channel = 'undici:client:sendHeaders'

/**
 * Renders a sample record while the server works on the first request. When only a few records are printed, most of the
 * time goes into loading and compiling the renderer, which would otherwise happen after the response.
 * @returns a function that stops waiting for a request
 */
export function renderAhead(known: Columns, globals: Globals, surroundings: GatedSurroundings): () => void {
  const stop = () => unsubscribe(channel, onRequest)
  const onRequest = () => {
    stop()
    // The request is written before this runs.
    setImmediate(() => void attempt(known, globals, surroundings))
  }
  subscribe(channel, onRequest)
  return stop
}

async function attempt(known: Columns, globals: Globals, surroundings: GatedSurroundings): Promise<void> {
  try {
    const look = { ...lookOf(known, globals, surroundings), columns: [] }
    await render(list([sample], Object.keys(sample)), formatOf(globals), look)
  } catch {
    // If something is wrong, it shows when the real result is printed.
  }
}

const sample = { name: 'image', status: 'active', size: 1024 }

const formatOf = ({ format = 'table' }: Globals) => format

function lookOf(known: Columns, globals: Globals, { stdout, env }: GatedSurroundings): Omit<RenderOptions, 'columns'> {
  return {
    known,
    style: styleFor(stdout, globals.color ?? 'auto', env),
    width: widthOf(globals, stdout, env),
    isTerminal: stdout.isTTY,
    isCompact: globals.noindent ?? false,
    quote: globals.quote ?? 'minimal',
    shellPrefix: globals.shellPrefix ?? '',
  }
}

/** As cliff, the frame of `openstack`, except that a terminal's width is always kept. */
function widthOf(
  { maxWidth, fitWidth }: Globals,
  { isTTY, columns }: GatedSurroundings['stdout'],
  env: NodeJS.ProcessEnv,
): number | undefined {
  const limit = maxWidth ?? number(env['CLIFF_MAX_TERM_WIDTH'])
  if (limit !== undefined) return limit === 0 ? undefined : limit
  if (isTTY) return columns
  return fitWidth || env['CLIFF_FIT_WIDTH'] === '1' ? (number(env['COLUMNS']) ?? 80) : undefined
}

const number = (text = ''): number | undefined => (/^[1-9]\d*$/.test(text) ? Number(text) : undefined)
