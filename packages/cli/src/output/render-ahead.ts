import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type Format, render, type RenderOptions } from './render.js'
import { list } from './result.js'

/** Where undici announces a request that it is about to write. */
const channel = 'undici:client:sendHeaders'

/**
 * Renders a made-up record while the server works on the first request. Loading and compiling all that it takes is most
 * of the work where few records are printed, and would otherwise come after the response.
 * @param look called then: it opens standard output
 * @returns stops waiting for a request
 */
export function renderAhead(format: Format, look: () => Omit<RenderOptions, 'columns'>): () => void {
  const stop = () => unsubscribe(channel, onRequest)
  const onRequest = () => {
    stop()
    // The request is written first.
    setImmediate(() => void attempt(format, look))
  }
  subscribe(channel, onRequest)
  return stop
}

async function attempt(format: Format, look: () => Omit<RenderOptions, 'columns'>): Promise<void> {
  try {
    await render(list([sample], Object.keys(sample)), format, { ...look(), columns: [] })
  } catch {
    // What is wrong shows when something is printed.
  }
}

const sample = { name: 'image', status: 'active', size: 1024 }
