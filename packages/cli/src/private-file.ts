import path from 'node:path'
import { makeFolders, writeOwnFile } from '@tyrax/sdk/internal'

/** Writes a file that only its owner can read, whole or not at all, and makes the folders that are missing. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await makeFolders(path.dirname(file))
  await writeOwnFile(file, text)
}
