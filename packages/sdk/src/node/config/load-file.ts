import { lstatSync, type Stats } from 'node:fs'
import { ConfigError } from '../../errors/config-errors.js'
import { FileRefused, isOwn, ownerOf } from '../guarded-file.js'
import { readNamedFile } from '../named-file.js'
import { candidates, type ConfigContext, type FileKind, namedFile, overrides } from './search-path.js'
import { readYaml, YamlError, type YamlText } from './read-yaml.js'

/** Enough for hundreds of clouds; larger files take seconds to parse. */
const longestFile = 1024 * 1024

/** A configuration file's content. */
export interface LoadedFile {
  readonly path: string
  readonly data: Readonly<Record<string, unknown>>
}

/** What the search for a file found. */
export interface Search {
  readonly file: LoadedFile | undefined
  /** Existing but unreadable files: they are skipped, as in openstacksdk, and listed when something is missing. */
  readonly unreadable: readonly string[]
  /** What to report about the file, although it is used. */
  readonly warnings: readonly string[]
}

/**
 * Loads the first existing file of a kind. A file named by the environment may have any owner; a file found in a folder
 * must belong to this user or root. Otherwise the owner of a clouds file in the current folder could choose where
 * passwords are sent.
 * @throws ConfigError with line and column when it is not YAML or JSON; for a file of another user, a pipe, a device, a
 * folder, or more than 1 MiB
 */
export async function loadFirst(kind: FileKind, context: ConfigContext): Promise<Search> {
  const unreadable: string[] = []
  const warnings: string[] = []
  const named = namedFile(kind, context)
  for (const path of candidates(kind, context)) {
    try {
      const link = path === named ? undefined : lstatSync(path, { throwIfNoEntry: false })
      if (path !== named && !link) continue
      const text = await readNamedFile(path, longestFile, (found) => {
        if (path === named) return
        for (const each of [found, ...(link ? [link] : [])]) checkOwner(path, each, context)
        if (isOpenToAll(found)) warnings.push(`${path} can be changed by every user of this machine: chmod o-w ${path}`)
      })
      const { value, repeated } = await read(path, text)
      for (const each of repeated) warnings.push(`${path}: ${each} appears twice, and the last one is used`)
      return { file: { path, data: asMapping(path, value) }, unreadable, warnings }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EACCES' || code === 'EPERM') unreadable.push(path)
      else if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unusable(path, kind, error)
    }
  }
  return { file: undefined, unreadable, warnings }
}

/** Under sudo, the files of the calling user are trusted like root's: that user can do everything that root can. */
function checkOwner(path: string, found: Stats, { env }: ConfigContext): void {
  const caller = process.geteuid?.() === 0 ? Number(env['SUDO_UID'] || 0) : 0
  if (!isOwn(found) && found.uid !== 0 && found.uid !== caller) throw new FileRefused(path, 'foreign', ownerOf(found))
}

function isOpenToAll({ mode }: Stats): boolean {
  return process.platform !== 'win32' && (mode & 0o002) !== 0
}

function unusable(path: string, kind: FileKind, error: unknown): ConfigError {
  if (error instanceof ConfigError) return error
  if (!(error instanceof FileRefused)) {
    return new ConfigError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
  const variable = overrides[kind]
  const trust = variable === undefined ? 'make a copy of your own' : `name it in ${variable}, or make it yours`
  return new ConfigError(`${path} is not used: it ${error.reason}`, {
    cause: error,
    hint: error.why === 'foreign' ? `if you trust its owner, ${trust}` : error.hint,
  })
}

function asMapping(path: string, data: unknown): Record<string, unknown> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>
  throw new ConfigError(`${path} is empty or not a mapping`, { hint: 'it begins with "clouds:"' })
}

async function read(path: string, text: string): Promise<YamlText> {
  try {
    return await readYaml(text, { asWritten: true })
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new ConfigError(`${path}${error.place} is not valid YAML: ${error.message}`)
  }
}
