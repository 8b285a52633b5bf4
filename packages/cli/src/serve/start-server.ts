import { TyraxError, UsageError } from '@tyrax/sdk'
import type { AddressError, EmbeddedCloud, StartCloudOptions } from '@tyrax/server'
import { DataFolderUnusable, FolderTaken, ListenError } from './serve-errors.js'

/** What {@link startServer} takes: documents as they were read, and the names they came from. */
export interface ServerOptions extends Omit<StartCloudOptions, 'config' | 'faults'> {
  readonly config?: { readonly file: string; readonly value: unknown } | undefined
  readonly faults?: { readonly file: string; readonly value: unknown } | undefined
}

/**
 * Starts the embedded cloud; its errors become ours.
 * @throws UsageError naming the file that cannot be used, FolderTaken, DataFolderUnusable, ListenError
 */
export async function startServer({ config, faults, ...options }: ServerOptions): Promise<EmbeddedCloud> {
  const server = await import('@tyrax/server')
  try {
    return await server.startCloud({
      ...options,
      // Checked by the server, whose schemas say what is wrong and where.
      config: config?.value as StartCloudOptions['config'],
      faults: faults?.value as StartCloudOptions['faults'],
    })
  } catch (error) {
    if (error instanceof server.RuntimeUnsupported) {
      throw new TyraxError(error.message, {
        hint: 'run tyrax with Node, or name a cloud with --os-cloud',
        cause: error,
      })
    }
    if (error instanceof server.DataFolderInUse) throw new FolderTaken(error.message, { cause: error })
    if (error instanceof server.DataFolderError) {
      const message = `The data folder ${error.folder} cannot be used: ${error.what}; nothing was changed`
      const options = { hint: error.hint, cause: error }
      // A place is no folder of ours that went wrong: nothing is to be put right in it.
      throw error.problem === 'place' ? new TyraxError(message, options) : new DataFolderUnusable(message, options)
    }
    if (error instanceof server.AddressError) throw addressProblem(error)
    if (error instanceof server.PortInUse) throw new ListenError(error.message, { cause: error })
    if (error instanceof server.ConfigError) {
      throw new UsageError(`--config ${config?.file ?? ''} is not valid: ${error.problems.join('; ')}`, {
        cause: error,
      })
    }
    // What is not the system's doing is the plan's.
    if (faults && error instanceof Error && !('code' in error)) {
      throw new UsageError(`--faults ${faults.file}: ${error.message}`, { cause: error })
    }
    throw error
  }
}

function addressProblem(error: AddressError): UsageError {
  const hints = {
    host: 'without --host it is 127.0.0.1',
    publicUrl: '--public-url http://localhost:8080, or https://cloud.example/path behind a reverse proxy',
    allowDefaultPasswords: '--config FILE sets users, --allow-default-passwords lets everyone in who reaches the port',
    cors: '--cors http://localhost:5173, once for each origin',
  }
  return new UsageError(error.message, { hint: hints[error.option], cause: error })
}
