import { DatabaseSync } from './driver.js'

type Statement = ReturnType<InstanceType<typeof DatabaseSync>['prepare']>

/** A text that the database could not return unchanged, so that it would match another one. */
export class UnstorableText extends Error {
  override readonly name = 'UnstorableText'

  constructor() {
    super('text with NUL or half a surrogate pair cannot be stored or searched for')
  }
}

/**
 * Refuses texts that the driver alters: it cuts them at U+0000 and replaces half a surrogate pair with U+FFFD. A row
 * would then be written, found or deleted under a name other than the requested one.
 */
export class GuardedDatabase extends DatabaseSync {
  #writes = 0

  /**
   * Counts the operations that may have written. No other process uses the database, so data that was read at the same
   * count is still current.
   */
  get writes(): number {
    return this.#writes
  }

  override exec(sql: string): void {
    this.#writes += 1
    super.exec(sql)
  }

  override prepare(sql: string): Statement {
    const statement: Statement = super.prepare(sql)
    const isQuery = /^\s*SELECT\b/i.test(sql)
    for (const name of ['run', 'get', 'all', 'iterate'] as const) {
      const execute = statement[name].bind(statement) as (...values: unknown[]) => unknown
      Object.defineProperty(statement, name, {
        value: (...values: unknown[]) => {
          for (const value of values) refuse(value)
          if (!isQuery) this.#writes += 1
          return execute(...values)
        },
      })
    }
    return statement
  }
}

function refuse(value: unknown): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !isWellFormed(value)) throw new UnstorableText()
  } else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const each of Object.values(value)) refuse(each)
  }
}

function isWellFormed(text: string): boolean {
  // Part of ES2024; every supported Node version has it.
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}
