import type { HttpContext } from '../../context.js'
import { Refusal } from '../../refusal.js'

/**
 * The body of a request as it arrives. Reading can be given up without destroying the connection.
 * @throws Refusal cut-short when the client disconnects before the end
 */
export async function* requestBody(c: HttpContext): AsyncGenerator<Uint8Array> {
  const { incoming } = c.env
  try {
    yield* incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw isCutShort(c) ? new Refusal('cut-short', '', { cause: error }) : error
  }
}

/** Whether the client disconnected before its body ended. */
export function isCutShort({ env: { incoming } }: HttpContext): boolean {
  return incoming.destroyed && !incoming.complete
}
