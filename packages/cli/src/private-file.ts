import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { writeOwnFile } from '@tyrax/sdk/internal'

/** Writes a file that only its owner can read, whole or not at all, and makes the folders that are missing. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  await writeOwnFile(file, text)
}
