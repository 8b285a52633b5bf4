import type { Logger } from '@tyrax/sdk'
import { jsonText, oneLine } from '../output/visible.js'

/**
 * The client's own account of what it does, a line each on stderr. Secrets were taken out before they got here.
 * `trace`: every request and answer; otherwise what is out of the ordinary, such as a second attempt.
 */
export function stderrLogger(stream: { write(text: string): unknown }, { trace }: { readonly trace: boolean }): Logger {
  const say = (level: string) => (message: string, details?: Readonly<Record<string, unknown>>) => {
    const rest = details && Object.keys(details).length > 0 ? ` ${jsonText(details)}` : ''
    stream.write(`${level}: ${oneLine(message)}${rest}\n`)
  }
  return { debug: trace ? say('debug') : () => {}, info: say('info'), warn: say('warning'), error: say('error') }
}
