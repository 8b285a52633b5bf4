import { createRequire } from 'node:module'
import type { DatabaseSync as Driver } from '@photostructure/sqlite'
import { RuntimeUnsupported } from '../config/runtime.js'

/**
 * SQLite: Node's own, or a package with the same API where that is missing or incomplete (Node 20, early versions of 22;
 * Deno prefers the package).
 * @throws RuntimeUnsupported when there is neither
 */
export const { DatabaseSync } = loadDriver()

interface DriverModule {
  readonly DatabaseSync: typeof Driver
}

function loadDriver(): DriverModule {
  const isDeno = process.versions['deno'] !== undefined
  const own = isDeno ? undefined : loadOwn()
  if (own !== undefined) return own
  try {
    return createRequire(import.meta.url)('@photostructure/sqlite') as DriverModule
  } catch (cause) {
    const denos = isDeno ? loadOwn() : undefined
    if (denos !== undefined) return denos
    throw new RuntimeUnsupported(
      `The SQLite of Node ${process.versions.node} is missing or incomplete, and so is the package @photostructure/sqlite, which replaces it`,
      { cause },
    )
  }
}

/** @returns undefined when it is missing, or too early a version: those refuse numbered parameters */
function loadOwn(): DriverModule | undefined {
  const emitWarning = Object.getOwnPropertyDescriptor(process, 'emitWarning') ?? {}
  // The warning that it is experimental would be printed in the middle of a command's output.
  Object.defineProperty(process, 'emitWarning', { ...emitWarning, value: () => undefined })
  try {
    const own = process.getBuiltinModule('node:sqlite') as DriverModule | undefined
    if (own === undefined) return undefined
    const db = new own.DatabaseSync(':memory:')
    try {
      db.prepare('SELECT ?1').get('')
      return own
    } catch {
      return undefined
    } finally {
      db.close()
    }
  } finally {
    Object.defineProperty(process, 'emitWarning', emitWarning)
  }
}
