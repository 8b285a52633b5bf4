import { TyraxError, UsageError } from '@tyrax/sdk'
import { FileRefused, readNamedFile, readYaml, YamlError } from '@tyrax/sdk/internal'
import type { AddressError, EmbeddedCloud, StartCloudOptions } from '@tyrax/server'
import { DataFolderUnusable, FolderTaken, ListenError } from '../errors.js'

/** A document and the name it was read under. */
interface ReadDocument {
  readonly file: string
  readonly value: unknown
}

/** The options of {@link startServer}: documents as they were read, and the names of their files. */
export interface ServerOptions extends Omit<StartCloudOptions, 'config' | 'faults'> {
  readonly config?: ReadDocument | undefined
  readonly faults?: ReadDocument | undefined
}

/**
 * Starts the embedded cloud, and turns its errors into ours.
 * @throws UsageError naming the file that cannot be used, FolderTaken, DataFolderUnusable, ListenError
 */
export async function startServer({ config, faults, ...options }: ServerOptions): Promise<EmbeddedCloud> {
  const server = await import('@tyrax/server').catch(unsupported)
  try {
    return await server.startCloud({
      ...options,
      // The server checks it; its schemas report what is wrong and where.
      config: config?.value as StartCloudOptions['config'],
      faults: faults?.value as StartCloudOptions['faults'],
    })
  } catch (error) {
    if (error instanceof server.RuntimeUnsupported) return unsupported(error)
    if (error instanceof server.DataFolderInUse) throw new FolderTaken(error.message, { cause: error })
    if (error instanceof server.DataFolderError) {
      const message = `The data folder ${error.folder} cannot be used: ${error.what}; nothing was changed`
      const options = { hint: error.hint, cause: error }
      // A `place` is not one of our folders, so there is nothing in it to repair.
      throw error.problem === 'place' ? new TyraxError(message, options) : new DataFolderUnusable(message, options)
    }
    if (error instanceof server.AddressError) throw addressProblem(error)
    if (error instanceof server.PortInUse) throw new ListenError(error.message, { cause: error })
    if (error instanceof server.ConfigError) {
      throw new UsageError(`--config ${config?.file ?? ''} is not valid: ${error.problems.join('; ')}`, {
        cause: error,
      })
    }
    // Errors without a system error code come from the plan.
    if (faults && error instanceof Error && !('code' in error)) {
      throw new UsageError(`--faults ${faults.file}: ${error.message}`, { cause: error })
    }
    throw error
  }
}

function unsupported(error: unknown): never {
  if (!(error instanceof Error) || error.name !== 'RuntimeUnsupported') throw error
  const hint = process.versions['bun']
    ? 'run tyrax with Node, or choose a cloud with --os-cloud'
    : 'use Node 24, or install the package next to tyrax: npm install -g @photostructure/sqlite, or npx -p tyrax -p @photostructure/sqlite tyrax …'
  throw new TyraxError(error.message, { hint, cause: error })
}

function addressProblem(error: AddressError): UsageError {
  const hints = {
    host: 'the default is 127.0.0.1',
    publicUrl: 'use --public-url http://localhost:8080, or https://cloud.example/path behind a reverse proxy',
    allowDefaultPasswords:
      '--config FILE sets users; --allow-default-passwords lets in everyone who can reach the port',
    cors: 'use --cors http://localhost:5173, once for each origin',
  }
  return new UsageError(error.message, { hint: hints[error.option], cause: error })
}

/** Far more than any hand-written plan. */
const longestDocument = 16 * 1024 * 1024

/** Reads a YAML or JSON file (JSON is YAML). @throws UsageError naming the option, the file and the place */
export async function readDocument(option: string, file: string): Promise<ReadDocument> {
  const text = await readNamedFile(file, longestDocument).catch((error: NodeJS.ErrnoException) => {
    const why = error instanceof FileRefused ? `it ${error.reason}` : error.message
    throw new UsageError(`${option} ${file} cannot be read: ${why}`, { cause: error })
  })
  try {
    return { file, value: (await readYaml(text)).value }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new UsageError(`${option} ${file}${error.place} is neither YAML nor JSON: ${error.message}`)
  }
}
