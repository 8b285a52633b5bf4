import { UsageError } from '@tyrax/sdk'
import { FileRefused, readNamedFile, readYaml, YamlError } from '@tyrax/sdk/internal'

/** A document and the name it was read under. */
export interface ReadDocument {
  readonly file: string
  readonly value: unknown
}

/** Far more than a plan that people write. */
const longestDocument = 16 * 1024 * 1024

/** A YAML or JSON file (JSON is YAML). @throws UsageError naming the option, the file and the place */
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
