import { readFile } from 'node:fs/promises'
import { UsageError } from '@tyrax/sdk'

/** A document and the name it was read under. */
export interface ReadDocument {
  readonly file: string
  readonly value: unknown
}

/** A YAML or JSON file (JSON is YAML). @throws UsageError naming the option, the file and the place */
export async function readDocument(option: string, file: string): Promise<ReadDocument> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${option} ${file} cannot be read: ${error.message}`, { cause: error })
  })
  const { parse } = await import('yaml')
  try {
    return { file, value: parse(text) as unknown }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${option} ${file} is neither YAML nor JSON: ${reason}`, { cause: error })
  }
}
