import { Writable } from 'node:stream'
import type { Context } from '../command/context.js'

/** Asks for a line on the terminal, without showing what is entered. Ctrl-C ends the command as always. */
export async function askSecret({ surroundings, signal }: Context, label: string): Promise<string> {
  const { createInterface } = await import('node:readline')
  const { stdin, stderr } = surroundings
  const output = new Writable({ write: (_chunk, _encoding, done) => done() })
  // The terminal stops showing what is entered before it is asked for.
  const lines = createInterface({ input: stdin, output, terminal: true, historySize: 0 })
  stderr.write(`${label}: `)
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve)
      // In raw mode the terminal sends no signal itself.
      lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
      lines.once('close', () => reject(new Error('the terminal was closed')))
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
  } finally {
    lines.close()
    stderr.write('\n')
  }
}
