// Globals that Node loads when they are first used, Web Cryptography and the performance tools among them, for the few
// functions that commands use of them.
import { closeSync, openSync, readSync } from 'node:fs'
import { randomFillSync } from 'node:crypto'

export const crypto = {
  getRandomValues(array) {
    return fillFromSystem(array) ? array : randomFillSync(array)
  },
}

/** From where node:crypto has its random bytes, too, but without loading it. @returns false where there is no such file */
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

/** The same clock, from another beginning. */
export const performance = {
  now() {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1e3 + nanoseconds / 1e6
  },
}
