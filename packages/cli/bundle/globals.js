// Globals that Node loads when they are first used, Web Cryptography and the performance tools among them, for the few
// functions that commands use of them.
import { createHash, randomFillSync } from 'node:crypto'

export const crypto = {
  getRandomValues: randomFillSync,
  // Deno's createHash does not know Web Cryptography's names (SHA-256).
  subtle: {
    digest: async (algorithm, data) => createHash(algorithm.toLowerCase().replace('-', '')).update(data).digest(),
  },
}

/** The same clock, from another beginning. */
export const performance = {
  now() {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1e3 + nanoseconds / 1e6
  },
}
