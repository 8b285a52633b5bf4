// Replaces globals that Node loads on first use, such as Web Cryptography and the performance tools, by the few
// functions that commands use of them.
import { closeSync, openSync, readSync } from 'node:fs'
import { randomFillSync } from 'node:crypto'

export const crypto = {
  getRandomValues(array) {
    return fillFromSystem(array) ? array : randomFillSync(array)
  },
}

/**
 * Uses the source that node:crypto also uses, but without loading that module.
 * @returns false where there is no such file
 */
function fillFromSystem(array) {
  let file
  try {
    file = openSync('/dev/urandom', 'r')
    return readSync(file, array) === array.byteLength
  } catch {
    return false
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** The same clock, with another origin. */
export const performance = {
  now() {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1e3 + nanoseconds / 1e6
  },
}
