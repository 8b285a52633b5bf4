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
  const format = formatOf(globals)
  const text = await render(result, format, {
    ...lookOf(known, globals, surroundings),
    columns: globals.column ?? [],
  })
  if (format === 'table') stdout.paint(text)
  else stdout.write(text)
  await stdout.flush()
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
    width: stdout.isTTY ? stdout.columns : undefined,
    isTerminal: stdout.isTTY,
  }
}
