import { readFile } from 'node:fs/promises'
import { ConfigError } from '../../errors/config-errors.js'

/** A configuration file's content. */
export interface LoadedFile {
  readonly path: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What the search for a file found. */
export interface Search {
  readonly file: LoadedFile | undefined
  /** There, but not readable by us: passed over, as openstacksdk does, and named when something is missing. */
  readonly unreadable: readonly string[]
}

/** Loads the first of `paths` that exists. @throws ConfigError with line and column when it is not YAML or JSON */
export async function loadFirst(paths: readonly string[]): Promise<Search> {
  const unreadable: string[] = []
  for (const path of paths) {
    try {
      const text = await readFile(path, 'utf8')
      return { file: { path, data: await parse(path, text) }, unreadable }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EACCES' || code === 'EPERM') unreadable.push(path)
      else if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unusable(path, error)
    }
  }
  return { file: undefined, unreadable }
}

function unusable(path: string, error: unknown): ConfigError {
  if (error instanceof ConfigError) return error
  return new ConfigError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  })
}

async function parse(path: string, text: string): Promise<Record<string, unknown>> {
  const { parseDocument } = await import('yaml')
  // JSON is YAML too, and the same parser tells the line.
  const document = parseDocument(text)
  const [problem] = document.errors
  if (problem) {
    const at = problem.linePos?.[0]
    const where = at ? `:${at.line}:${at.col}` : ''
    throw new ConfigError(
      `${path}${where} is not valid YAML: ${problem.message.split('\n')[0]?.replace(/ at line .*$/, '')}`,
      {
        cause: problem,
      },
    )
  }
  const data: unknown = document.toJS()
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>
  throw new ConfigError(`${path} is empty or not a mapping`, { hint: 'it begins with "clouds:"' })
}
