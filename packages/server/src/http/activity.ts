import type { RequestListener } from 'node:http'

/** The requests that a cloud has received. */
export interface RequestCount {
  readonly listener: RequestListener
  /** Since the start. */
  begun(): number
  /** Whose response has not ended yet. */
  running(): number
}

export function countRequests(listener: RequestListener): RequestCount {
  let begun = 0
  let running = 0
  return {
    listener(incoming, outgoing) {
      begun += 1
      running += 1
      outgoing.once('close', () => (running -= 1))
      listener(incoming, outgoing)
    },
    begun: () => begun,
    running: () => running,
  }
}
