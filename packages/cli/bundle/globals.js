// Replaces globals that Node loads on first use, such as Web Cryptography and the performance tools, by the few
// functions that commands use of them.
import { closeSync, openSync, readSync } from 'node:fs'
import { randomFillSync } from 'node:crypto'

export const crypto = {
  getRandomValues(array) {
    return fillFromSystem(array) ? array : randomFillSync(array)
  },
  get subtle() {
    return process.getBuiltinModule('node:crypto').webcrypto.subtle
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

/**
 * The HTTP parser is WebAssembly. Optimising it takes longer than most commands, and Node waits for that before it
 * exits. The flag is set no earlier: see bin/start.cjs.
 */
export const WebAssembly = Object.create(globalThis.WebAssembly, {
  Module: {
    value: function (bytes) {
      setFlag('--liftoff-only')
      return new globalThis.WebAssembly.Module(bytes)
    },
  },
})
